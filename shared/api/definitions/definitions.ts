import { customResourceDefinition } from '../../kinds/apiextensions/custom-resource-definition.ts';
import { isBuiltIn } from '../../kinds/built-in.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { readCollection, readItem } from '../answer-read.ts';
import type { ApiOptions, Call, Generated } from '../call.ts';
import { noSuchResource } from '../status.ts';
import { definitionOf } from './definition.ts';
import { fixedStore } from './fixed-store.ts';

type Ports = Omit<ApiOptions, 'kinds' | 'store'>;

/** The CustomResourceDefinitions of all kinds that are not Kubernetes' own. Made when somebody first asks for them. */
export function definitions(kinds: readonly Kind[], ports: Ports): Generated {
  const kind = customResourceDefinition as unknown as Kind;
  const make = (): ApiOptions => {
    const objects = kinds.filter((each) => !isBuiltIn(each)).map(definitionOf);
    return { ...ports, kinds: [kind], store: fixedStore(objects, ports.clock) };
  };
  let api: ApiOptions | undefined;
  return {
    kind,
    async answer({ path: { name, namespace, subresource }, verb, ...call }) {
      if (namespace !== undefined || subresource !== undefined) throw noSuchResource();
      api ??= make();
      const asked: Call = { ...call, namespace: '', note: () => {} };
      return name === undefined ? readCollection(api, asked, verb) : readItem(api, { ...asked, namespace: '', name }, verb);
    },
  };
}
