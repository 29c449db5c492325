import type { BoxKind, LineKind } from './drawing.ts';

/**
 * Boxes bring their own background, so that texts are read alike on GitHub's white and on its dark grey; lines stand on
 * neither and have a contrast of 3 to both.
 */
export const boxColours: Readonly<Record<BoxKind, { readonly fill: string; readonly stroke: string; readonly text: string }>> = {
  heading: { fill: '#334155', stroke: '#64748b', text: '#ffffff' },
  step: { fill: '#f1f5f9', stroke: '#64748b', text: '#0f172a' },
  'cloud step': { fill: '#e0f2fe', stroke: '#0284c7', text: '#0c2f4a' },
  look: { fill: '#fef9c3', stroke: '#a16207', text: '#422006' },
  pause: { fill: '#f5f3ff', stroke: '#8b5cf6', text: '#2e1065' },
  end: { fill: '#dcfce7', stroke: '#16a34a', text: '#052e16' },
  'early end': { fill: '#f0fdf4', stroke: '#65a30d', text: '#1a2e05' },
  failure: { fill: '#fee2e2', stroke: '#dc2626', text: '#450a0a' },
};

/** The way that most executions take is the boldest. */
export const strokes: Readonly<Record<LineKind, { readonly colour: string; readonly width: number }>> = {
  onwards: { colour: '#64748b', width: 2.25 },
  again: { colour: '#8b5cf6', width: 1.5 },
  early: { colour: '#65a30d', width: 1.25 },
  failure: { colour: '#dc2626', width: 1.25 },
};
