import { describe, expect, it } from '@jest/globals';
import { boxColours, strokes } from '../../infra/graphs/colours.ts';
import { draw } from '../../infra/graphs/draw.ts';
import { sequence, until } from '../../shared/kinds/workflow.ts';

const workflow = sequence('make', [until('Ensure', { comment: 'a < b & "c"' })], { comment: 'Makes one.' });
const svg = draw(workflow);

/** As WCAG defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** GitHub's pages. */
const pages = ['#ffffff', '#0d1117'];

describe('a picture', () => {
  it('says in words what it shows', () => {
    expect(svg).toContain('role="img" aria-labelledby="title description"');
    expect(svg).toContain('<title id="title">make</title>');
    expect(svg).toContain(
      '<desc id="description">Makes one. Its steps: Ensure, Done. A step is asked again, after a pause, until it has settled. ' +
        'It may end early: Superseded or HandedOver. Every failure leads to RecordFailure, then Failed.</desc>',
    );
  });

  it('names every state', () => {
    for (const state of Object.keys(workflow.definition.States)) expect(svg).toContain(`<title>${state}</title>`);
  });

  it('escapes texts', () => {
    expect(svg).toContain('>a &lt; b &amp; &quot;c&quot;</text>');
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (alone !== '/') open.push(name!);
    }
    expect(open).toEqual([]);
  });

  it('has no background, runs nothing and loads nothing', () => {
    expect(svg).not.toMatch(/<(script|image|style|a|use|foreignObject)\b|href|@import/);
    expect(svg.match(/url\([^)]*\)/g)?.every((url) => url.startsWith('url(#'))).toBe(true);
    expect(svg.match(/<rect /g)).toHaveLength(Object.keys(workflow.definition.States).length + 1);
  });

  it('is the same for the same definition', () => {
    expect(draw(structuredClone(workflow))).toBe(svg);
  });

  it.each(Object.entries(boxColours))('is readable on light and on dark: %s', (_kind, { fill, stroke, text }) => {
    expect(contrast(text, fill)).toBeGreaterThan(7);
    for (const page of pages) expect(contrast(stroke, page)).toBeGreaterThan(3);
  });

  it.each(Object.entries(strokes))('is readable on light and on dark: lines %s', (_kind, { colour }) => {
    for (const page of pages) expect(contrast(colour, page)).toBeGreaterThan(3);
  });
});
