import { describe, expect, it } from '@jest/globals';
import { prices, pricesOf } from '../../../infra/aws/cost/prices.ts';

describe('the prices', () => {
  it('are of a day', () => {
    expect(new Date(pricesOf).toISOString().slice(0, 10)).toBe(pricesOf);
  });

  it.each(Object.entries(prices))('%s is from a page of AWS', (_, { page, usd }) => {
    expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9-]+\/pricing\//);
    expect(usd).toBeLessThan(10);
  });
});
