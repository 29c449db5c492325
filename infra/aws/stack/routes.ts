import { servedAs } from '../../../shared/kinds/aliases.ts';
import { apiVersionOf, type Kind } from '../../../shared/kinds/define-kind.ts';
import { kebab } from '../names.ts';
import { isNamespace } from './access.ts';

/** Which function answers where: paths of API Gateway, and the names of entries. */
export type Routes = ReadonlyMap<string, string>;

/** Variables that are siblings must have one name: the Namespace itself and what is in it share this one. */
const inNamespace = '/namespaces/{namespace}';
const anythingBelow = '/{proxy+}';

/**
 * The paths of every kind, as whatever it is served, and `discovery` for all others. Each path has a greedy variable below it, unless it has another
 * variable there: so API Gateway finds its way from part to part, and nothing depends on whether it looks back when a
 * part that fits leads nowhere.
 */
export function routesOf(kinds: readonly Kind[]): Routes {
  const owned = new Map(
    kinds.flatMap((kind) =>
      servedAs(kind)
        .flatMap(pathsOf)
        .map((path): [string, string] => [path, `api-${kebab(kind.kind)}`]),
    ),
  );
  const all = new Map<string, string>();
  for (const path of [...new Set([...owned.keys()].flatMap(withAncestors))].sort()) all.set(path, owned.get(path) ?? 'discovery');
  for (const [path, entry] of [...all])
    if (!hasVariableBelow(path, all)) all.set(path === '/' ? anythingBelow : path + anythingBelow, below(path, entry));
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pathsOf(kind: Kind): string[] {
  const root = `${kind.group === '' ? '/api' : '/apis'}/${apiVersionOf(kind)}`;
  if (isNamespace(kind))
    return ['', '/{namespace}', '/{namespace}/status', '/{namespace}/finalize'].map((rest) => `${root}/${kind.plural}${rest}`);
  const everywhere = `${root}/${kind.plural}`;
  return kind.scope === 'Cluster' ? [everywhere] : [everywhere, `${root}${inNamespace}/${kind.plural}`];
}

/** `/a/b` -> `/a/b`, `/a`, `/`. */
function withAncestors(path: string): string[] {
  const parts = path.split('/').slice(1);
  return [...parts.keys()].map((i) => `/${parts.slice(0, i + 1).join('/')}`).concat('/');
}

const hasVariableBelow = (path: string, all: Routes): boolean =>
  [...all.keys()].some((other) => other.startsWith(`${path}/{`) && !other.slice(path.length + 1).includes('/'));

/** An object and its subresources are their kind's. What is in a namespace and is no kind is nobody's. */
const below = (path: string, entry: string): string => (path.endsWith(inNamespace) ? 'discovery' : entry);
