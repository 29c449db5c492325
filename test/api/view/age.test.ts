import { describe, expect, it } from '@jest/globals';
import { age } from '../../../shared/api/view/age.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

describe('an age', () => {
  it.each([
    [-5 * s, '0s'],
    [0, '0s'],
    [95.9 * s, '95s'],
    [2 * m - 1, '119s'],
    [2 * m, '2m'],
    [4 * m + 5 * s, '4m5s'],
    [10 * m - 1, '9m59s'],
    [10 * m + 5 * s, '10m'],
    [44 * m, '44m'],
    [3 * h - 1, '179m'],
    [3 * h, '3h'],
    [3 * h + 20 * m, '3h20m'],
    [8 * h, '8h'],
    [30 * h, '30h'],
    [48 * h - 1, '47h'],
    [2 * d, '2d'],
    [5 * d + 3 * h, '5d3h'],
    [8 * d, '8d'],
    [300 * d, '300d'],
    [730 * d - 1, '729d'],
    [2 * 365 * d, '2y'],
    [760 * d, '2y30d'],
    [9 * 365 * d, '9y'],
  ])('of %d ms is %s', (ms, text) => {
    expect(age(ms)).toBe(text);
  });
});
