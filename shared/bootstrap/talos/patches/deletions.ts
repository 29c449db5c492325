import { isScalar, isSeq, isMap as isYamlMap, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Shape } from '../fields/shape.ts';
import { identityOf, type Reading, type Root } from '../read-yaml.ts';
import { isList, isMap, type Value, type ValueMap } from '../value.ts';
import { MergeConflict } from './strategic-merge.ts';

/** One `$patch: delete`: of a document (empty path), of a field, or of the list element that has this key and value. */
export interface Deletion {
  readonly kind: string;
  readonly name: string;
  readonly path: readonly string[];
  readonly element?: { readonly key: string; readonly value: string };
}

/** Takes the `$patch: delete` marks out of a patch's document, so that what remains is a config to be merged. */
export function takeDeletions(root: Root, reading: Reading): { readonly deletions: readonly Deletion[]; readonly remains: boolean } {
  const found: Found[] = [];
  const emptied = takeFromMap(root.node, { path: [], inElement: false, found, reading });
  if (found.length === 0) return { deletions: [], remains: !emptied };
  const identity = identityOf(asIdentified(root, found), reading);
  const rest = root.node.items.filter(({ key }) => !['apiVersion', 'kind', 'name', 'version'].includes(keyText(key)));
  return { deletions: identity ? found.map((one) => ({ ...identity, ...one })) : [], remains: !emptied && rest.length > 0 };
}

type Found = Omit<Deletion, 'kind' | 'name'>;
interface Walk {
  readonly path: readonly string[];
  /** Below an element of a list, where upstream cannot address anything. */
  readonly inElement: boolean;
  readonly found: Found[];
  readonly reading: Reading;
}

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : '');
const marksDeletion = ({ key, value }: { key: unknown; value: unknown }): boolean =>
  keyText(key) === '$patch' && isScalar(value) && value.value === 'delete';

/** True when nothing is left of the node, so that its parent drops it. */
function takeFromMap(node: YAMLMap, walk: Walk): boolean {
  if (node.items.some(marksDeletion)) {
    if (walk.inElement) complain(node, walk, 'a key inside a list element cannot be deleted: delete the element');
    else walk.found.push({ path: walk.path });
    return true;
  }
  const before = node.items.length;
  node.items = node.items.filter(({ key, value }) => !takeFrom(value, { ...walk, path: [...walk.path, keyText(key)] }));
  return node.items.length === 0 && before > 0;
}

function takeFromSequence(node: YAMLSeq, walk: Walk): boolean {
  const before = node.items.length;
  node.items = node.items.filter((item) => {
    if (!isYamlMap(item) || !item.items.some(marksDeletion)) return !takeFrom(item, { ...walk, inElement: true });
    const selector = item.items.find((pair) => !marksDeletion(pair));
    if (!selector || !isScalar(selector.value)) complain(item, walk, 'needs a key and value that tell the element');
    else walk.found.push({ path: walk.path, element: { key: keyText(selector.key), value: String(selector.value.value) } });
    return false;
  });
  return node.items.length === 0 && before > 0;
}

function takeFrom(node: unknown, walk: Walk): boolean {
  if (isYamlMap(node)) return takeFromMap(node as YAMLMap, walk);
  return isSeq(node) && takeFromSequence(node as YAMLSeq, walk);
}

function complain(node: unknown, walk: Walk, message: string): void {
  walk.reading.causes.push({ field: walk.path.join('.'), message: `$patch: delete: ${message} (${walk.reading.at(node)})` });
}

/** With all of its sections taken out, the main document can no longer be told by them: the paths still say. */
function asIdentified(root: Root, found: readonly Found[]): Root {
  if (root.node.has('kind')) return root;
  const node = root.node.clone() as YAMLMap;
  for (const { path } of found) if (path[0] !== undefined && !node.has(path[0])) node.set(path[0], null);
  return { ...root, node };
}

/** The value without what the deletion names. Throws MergeConflict when it is not there. */
export function deleteAt(value: ValueMap, deletion: Deletion, shape: Shape): ValueMap {
  return deletePath(value, deletion.path, shape, deletion) as ValueMap;
}

function deletePath(value: Value | undefined, path: readonly string[], shape: Shape | undefined, deletion: Deletion): Value {
  const [key, ...rest] = path;
  if (key === undefined) return deleteElement(value, shape, deletion);
  if (!isMap(value)) throw notThere(deletion);
  const known = shape?.is === 'structure' && Object.hasOwn(shape.fields, key);
  const last = rest.length === 0 && !deletion.element;
  if (last) {
    if (!known && value[key] === undefined) throw notThere(deletion);
    const { [key]: _, ...others } = value;
    return others;
  }
  if (value[key] === undefined) throw notThere(deletion);
  const next = shape?.is === 'structure' ? shape.fields[key] : shape?.is === 'mapping' ? shape.of : undefined;
  return { ...value, [key]: deletePath(value[key], rest, next, deletion) };
}

function deleteElement(value: Value | undefined, shape: Shape | undefined, deletion: Deletion): Value {
  const { key, value: wanted } = deletion.element!;
  const structures = shape?.is === 'sequence' && shape.of.is === 'structure';
  const at = structures && isList(value) ? value.findIndex((item) => isMap(item) && String(item[key] ?? '') === wanted) : -1;
  if (at === -1 || !isList(value)) throw notThere(deletion);
  return value.toSpliced(at, 1);
}

function notThere({ path, element }: Deletion): MergeConflict {
  const which = element ? ` with that ${element.key}` : '';
  return new MergeConflict(`$patch: delete: there is no ${path.join('.')}${element ? ' element' : ''}${which} in the config`);
}
