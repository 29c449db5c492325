import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { objectReference } from '../fields.ts';

const time = z.string().nullish();

export const event = defineKind({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  description: 'Something that happened to an object.',
  schema: z.object({
    involvedObject: objectReference.describe('The object that it happened to.'),
    reason: z.string().optional().describe('What happened, in one word.'),
    message: z.string().optional().describe('What happened, in a sentence.'),
    type: z.string().optional().describe('Normal or Warning.'),
    count: z.int().optional().describe('How often.'),
    firstTimestamp: time.describe('When first.'),
    lastTimestamp: time.describe('When last.'),
    eventTime: time.describe('When, in microseconds.'),
    source: z.object({ component: z.string().optional(), host: z.string().optional() }).optional().describe('Who reports it.'),
    reportingComponent: z.string().optional().describe('Who reports it.'),
    reportingInstance: z.string().optional().describe('Which instance of it.'),
    action: z.string().optional().describe('What was done.'),
    related: objectReference.optional().describe('Another object that it is about.'),
    series: z.object({ count: z.int().optional(), lastObservedTime: time }).nullish().describe('A series of the same event.'),
  }),
  columns: [
    {
      name: 'Last Seen',
      type: 'date',
      description: 'Time since it last happened',
      value: (e) => e.lastTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp,
    },
    { name: 'Type', type: 'string', description: 'Normal or Warning', value: (e) => e.type },
    { name: 'Reason', type: 'string', description: 'What happened', value: (e) => e.reason },
    {
      name: 'Object',
      type: 'string',
      description: 'The object',
      value: (e) => `${(e.involvedObject.kind ?? '').toLowerCase()}/${e.involvedObject.name ?? ''}`,
    },
    { name: 'Message', type: 'string', description: 'What happened, in a sentence', value: (e) => e.message },
    { name: 'Name', type: 'string', description: 'Name of the event', priority: 1, value: (e) => e.metadata.name },
  ],
  selectableFields: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => `involvedObject.${field}`),
    'reason',
    'type',
    'reportingComponent',
  ],
  expiresAfter: 3600,
});
export type EventObject = ObjectOfKind<typeof event>;
