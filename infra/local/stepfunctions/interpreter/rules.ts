/** Whether a rule of a Choice holds. */
import type { Rule } from '../../../../shared/kinds/states-language.ts';
import { type Comparison, comparisons, fits, withPath } from './comparisons.ts';
import { read, type Sight } from './data.ts';
import { runtimeError } from './failure.ts';
import { parsePath } from './paths/path.ts';
import { select } from './paths/select.ts';

const notOperators = new Set(['Variable', 'Next', 'Comment']);

export function holds(rule: Rule, sight: Sight): boolean {
  if (rule.And !== undefined) return (rule.And as readonly Rule[]).every((each) => holds(each, sight));
  if (rule.Or !== undefined) return (rule.Or as readonly Rule[]).some((each) => holds(each, sight));
  if (rule.Not !== undefined) return !holds(rule.Not as Rule, sight);
  const [operator, right] = Object.entries(rule).find(([key]) => !notOperators.has(key))!;
  const left = operator === 'IsPresent' ? found(rule.Variable as string, sight) : read(parsePath(rule.Variable as string), sight);
  const direct = comparisons[operator];
  return direct === undefined ? comparesWithPath(left, operator, right as string, sight) : direct.holds(left, right as never);
}

/** Undefined if the path finds nothing: the one question that an absent variable answers. */
function found(variable: string, sight: Sight): unknown {
  const path = parsePath(variable);
  return select(path, path.root === '$$' ? sight.context() : sight.data)[0];
}

function comparesWithPath(left: unknown, operator: string, path: string, sight: Sight): boolean {
  const comparison: Comparison = withPath[operator.slice(0, -'Path'.length)]!;
  const right = read(parsePath(path), sight);
  if (!fits(comparison.right, right)) throw runtimeError(`${operator}: '${path}' must hold a ${comparison.right}`);
  return comparison.holds(left, right as never);
}
