import type { Workflow } from '../../shared/kinds/workflow.ts';
import { layOut } from './lay-out.ts';
import { readChart } from './read-chart.ts';
import { toSvg } from './to-svg.ts';

/** A state machine as SVG text, the same for the same definition. */
export const draw = ({ name, definition }: Workflow): string => toSvg(layOut(readChart(name, definition)));

/** One picture each, by the names of their files. */
export const drawAll = (workflows: readonly Workflow[]): ReadonlyMap<string, string> =>
  new Map(workflows.map((workflow) => [`${workflow.name}.svg`, draw(workflow)]));
