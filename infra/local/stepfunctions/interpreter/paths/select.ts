/** What a path finds. */
import type { Filter, Operand } from './filter.ts';
import type { Path, Segment } from './path.ts';

/** Every value that the path finds, in document order; a definite path finds one or none. */
export function select(path: Path, root: unknown, element?: unknown): readonly unknown[] {
  let found: readonly unknown[] = [path.root === '@' ? element : root];
  for (const segment of path.segments) found = found.flatMap((value) => below(value, segment, root));
  return found;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const children = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []);

const everywhere = (value: unknown): readonly unknown[] => [value, ...children(value).flatMap(everywhere)];

function below(value: unknown, segment: Segment, root: unknown): readonly unknown[] {
  switch (segment.kind) {
    case 'names':
      return isObject(value) ? segment.names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]) : [];
    case 'indexes':
      return Array.isArray(value)
        ? segment.indexes
            .map((index) => wrap(index, value.length))
            .filter((i) => i in value)
            .map((i) => value[i])
        : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(segment.from, segment.to).filter((_, i) => i % segment.by === 0) : [];
    case 'every':
      return children(value);
    case 'everywhere':
      return everywhere(value);
    case 'filter':
      return children(value).filter((child) => holds(segment.filter, child, root));
  }
}

/** A negative index counts from the end. */
const wrap = (index: number, length: number) => (index < 0 ? length + index : index);

function holds(filter: Filter, element: unknown, root: unknown): boolean {
  switch (filter.kind) {
    case 'exists':
      return select(filter.path, root, element).length > 0;
    case 'not':
      return !holds(filter.filter, element, root);
    case 'all':
      return filter.filters.every((each) => holds(each, element, root));
    case 'any':
      return filter.filters.some((each) => holds(each, element, root));
    case 'compare':
      return compare(evaluate(filter.left, element, root), filter.operator, evaluate(filter.right, element, root));
  }
}

const evaluate = (operand: Operand, element: unknown, root: unknown): unknown =>
  'path' in operand ? select(operand.path, root, element)[0] : operand.value;

/** Only like with like: 1 and '1' are neither equal nor in order. */
function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const ordered = (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!ordered) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}
