import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';
import type { Action } from '../call.ts';

/** What one rule says, and nothing of who has it. */

/** Whether the rule allows the action. Rules only ever allow: what none allows is forbidden. */
export const allows = (rule: PolicyRule, action: Action): boolean =>
  includes(rule.verbs, action.verb) && ('path' in action ? allowsPath(rule, action.path) : allowsResource(rule, action));

const includes = (listed: readonly string[] = [], asked: string): boolean => listed.includes('*') || listed.includes(asked);

const allowsPath = ({ nonResourceURLs = [] }: PolicyRule, path: string): boolean =>
  nonResourceURLs.some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));

type ResourceAction = Extract<Action, { readonly resource: string }>;

function allowsResource({ apiGroups, resources = [], resourceNames = [] }: PolicyRule, action: ResourceAction): boolean {
  const { group, resource, subresource, name } = action;
  // A rule about machines says nothing of machines/status.
  const asked = subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return (
    includes(apiGroups, group) &&
    (resources.includes('*') || asked.some((each) => resources.includes(each))) &&
    (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)))
  );
}

/** More combinations than any role of a person has. */
export const mostActions = 10_000;

/** How many actions `actionsOf` gives. */
export const countActions = ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): number =>
  verbs.length * (apiGroups.length * resources.length * Math.max(1, resourceNames.length) + nonResourceURLs.length);

/**
 * The rule as the actions that it allows, its asterisks taken literally: only who has the asterisk may do `*`. So whoever may do
 * each of them has all that the rule gives.
 */
export function* actionsOf(rule: PolicyRule): Generator<Action> {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  for (const verb of verbs) {
    for (const path of nonResourceURLs) yield { verb, path };
    for (const group of apiGroups)
      for (const each of resources)
        for (const name of names) yield { verb, group, ...resourceOf(each), ...(name !== undefined && { name }) };
  }
}

/** `machines/status` -> the resource and its subresource. */
function resourceOf(text: string): { readonly resource: string; readonly subresource?: string } {
  const slash = text.indexOf('/');
  return slash < 0 ? { resource: text } : { resource: text.slice(0, slash), subresource: text.slice(slash + 1) };
}
