import { collectDoor } from '../shared/lambda/collect.ts';

/** The ends and the new owners that the table's stream tells of, and the sweep -> what has no owner left goes, and whoever waits for it. */
export const collect = collectDoor();
