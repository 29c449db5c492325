import type { Kind } from '../../kinds/define-kind.ts';
import { iamIdentityMapping } from '../../kinds/iam/kind.ts';
import { type KubeObject, nameOf } from '../../kinds/object.ts';
import { type ClusterRoleObject, clusterRole } from '../../kinds/rbac/cluster-role.ts';
import { clusterRoleBinding } from '../../kinds/rbac/cluster-role-binding.ts';
import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import { role } from '../../kinds/rbac/role.ts';
import { roleBinding } from '../../kinds/rbac/role-binding.ts';
import type { Binding } from '../../kinds/rbac/subjects.ts';
import type { Store } from '../../store/store.ts';
import type { Authorize, User } from '../call.ts';
import { sameJson } from '../objects/same-json.ts';
import { forbidden, notFound, resourceName } from '../status.ts';
import { effectiveRules } from './effective-rules.ts';
import { everything } from './everybody.ts';
import { readAll } from './policy.ts';
import { actionsOf, countActions, mostActions } from './rules.ts';

/** Who writes, and what they and others may. */
export interface Writer {
  readonly user: User;
  readonly authorize: Authorize;
  readonly store: Store;
}

/**
 * Nobody gives what they do not have. Throws 403 for
 * - a role with rules that its writer does not have where it holds, unless they may `escalate` it; to aggregate takes everything,
 * - a binding of a role whose rules its writer does not have, unless they may `bind` that role,
 * - an IAMIdentityMapping, which makes somebody any user in any group, unless its writer may `bind` it.
 */
export async function refuseEscalation(writer: Writer, kind: Kind, object: KubeObject): Promise<void> {
  const confirm = checks.get(kind);
  if (confirm === undefined || (await givesNothingNew(writer, kind, object))) return;
  await confirm(writer, kind, object);
}

type Check = (writer: Writer, kind: Kind, object: KubeObject) => Promise<void>;

const checks: ReadonlyMap<Kind, Check> = new Map<Kind, Check>([
  [role, confirmRole],
  [clusterRole, confirmRole],
  [roleBinding, confirmBinding],
  [clusterRoleBinding, confirmBinding],
  [iamIdentityMapping, confirmMapping],
]);

/**
 * All but finalizers and owners are as stored: whoever clears away needs no more rights than that. Labels do count, since ClusterRoles
 * are aggregated by them. An object without a uid is created, whatever is stored under its name now.
 */
async function givesNothingNew({ store }: Writer, kind: Kind, object: KubeObject): Promise<boolean> {
  if (object.metadata.uid === undefined) return false;
  const stored = await store.get(kind, nameOf(object));
  return stored !== undefined && stored.metadata.uid === object.metadata.uid && sameJson(gift(stored), gift(object));
}

function gift({ metadata, ...fields }: KubeObject): unknown {
  const { labels = {}, annotations = {} } = metadata;
  return { ...fields, labels, annotations };
}

async function confirmRole(writer: Writer, kind: Kind, object: KubeObject): Promise<void> {
  const { rules, aggregationRule } = object as ClusterRoleObject;
  if (await may(writer, 'escalate', kind, object.metadata)) return;
  if (aggregationRule && (await lacking(writer, everything, undefined)).length > 0)
    throw refused(writer, kind, object, 'must have cluster-admin privileges to use an aggregationRule');
  await confirmRules(writer, kind, object, rules ?? []);
}

async function confirmBinding(writer: Writer, kind: Kind, object: KubeObject): Promise<void> {
  const { name, kind: type } = (object as Binding).roleRef;
  const { namespace } = object.metadata;
  const given = type === role.kind ? role : clusterRole;
  if (await may(writer, 'bind', given, { name, ...(namespace !== undefined && { namespace }) })) return;
  const rules =
    given === role
      ? (await writer.store.get(role, { namespace: namespace ?? '', name }))?.rules
      : effectiveRules(await readAll(writer.store, clusterRole))(name);
  if (rules === undefined) throw notFound(given, name);
  await confirmRules(writer, kind, object, rules ?? []);
}

async function confirmMapping(writer: Writer, kind: Kind, object: KubeObject): Promise<void> {
  if (await may(writer, 'bind', kind, object.metadata)) return;
  throw refused(writer, kind, object, `is attempting to say who somebody is, which takes verb "bind" on resource "${kind.plural}"`);
}

async function may({ user, authorize }: Writer, verb: string, { group, plural }: Kind, at: Place): Promise<boolean> {
  const { namespace, name } = at;
  return (await authorize({ user, verb, group, resource: plural, name, ...(namespace !== undefined && { namespace }) })).allowed;
}

interface Place {
  readonly name: string;
  readonly namespace?: string;
}

async function confirmRules(writer: Writer, kind: Kind, object: KubeObject, rules: readonly PolicyRule[]): Promise<void> {
  const missing = await lacking(writer, rules, object.metadata.namespace);
  if (missing.length === 0) return;
  const words = missing.slice(0, mostTold).map(wordRule).join('\n');
  throw refused(writer, kind, object, `is attempting to grant RBAC permissions not currently held:\n${words}`);
}

/** Rules that one refusal names. */
const mostTold = 20;

/** The rules that the writer does not have as a whole in the namespace, or everywhere when there is none. */
async function lacking({ user, authorize }: Writer, rules: readonly PolicyRule[], namespace: string | undefined): Promise<PolicyRule[]> {
  const held = async (rule: PolicyRule): Promise<boolean> => {
    // To ask so often would take too long: smaller rules say the same.
    if (countActions(rule) > mostActions) return false;
    for (const action of actionsOf(rule))
      if (!(await authorize({ user, ...action, ...(namespace !== undefined && !('path' in action) && { namespace }) })).allowed)
        return false;
    return true;
  };
  const missing: PolicyRule[] = [];
  for (const rule of rules) if (!(await held(rule))) missing.push(rule);
  return missing;
}

/** `{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}`, as Kubernetes writes a rule. */
function wordRule({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    ResourceNames: resourceNames,
    NonResourceURLs: nonResourceURLs,
    Verbs: verbs,
  };
  const told = Object.entries(parts).filter(([, values]) => values !== undefined && values.length > 0);
  return `{${told.map(([name, values]) => `${name}:${JSON.stringify(values).replaceAll(',', ', ')}`).join(', ')}}`;
}

function refused({ user }: Writer, kind: Kind, { metadata: { name } }: KubeObject, why: string): Error {
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const details = { name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural };
  return forbidden(`${resourceName(kind)} "${name}" is forbidden: user "${user.name}" (groups=[${groups}]) ${why}`, details);
}
