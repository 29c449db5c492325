import { badRequest } from '../status.ts';

/** 400: the body is no patch of the announced type. */
export const malformedPatch = (why: string) => badRequest(`error decoding patch: ${why}`);
