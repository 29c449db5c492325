import fc from 'fast-check';

const poisonous = /"(__proto__|constructor|prototype)":/;

/** JSON values that the API lets in: without the keys that it refuses. */
export const json = (constraints: fc.JsonSharedConstraints = {}) =>
  fc.jsonValue(constraints).filter((value) => !poisonous.test(JSON.stringify(value)));
