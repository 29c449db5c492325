import * as z from 'zod';
import type { Alias } from '../define-kind.ts';
import { eventFields, sharedEventFields } from './event-fields.ts';
import { changedEventCauses, type EventContent, eventCauses, newEventCauses } from './event-rules.ts';

/** What the fields of a core Event are called in events.k8s.io/v1. */
const renamed = {
  involvedObject: 'regarding',
  message: 'note',
  count: 'deprecatedCount',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  source: 'deprecatedSource',
  reportingComponent: 'reportingController',
} as const satisfies Record<keyof typeof eventFields, string>;

const { involvedObject, message, count, firstTimestamp, lastTimestamp, source, reportingComponent } = eventFields;

const ofOldOnly = 'Only of Events that were written in the core group: ';
const former = <S extends z.ZodType>(schema: S, says: string): S => schema.describe(ofOldOnly + says);

const schema = z.object({
  ...sharedEventFields,
  regarding: involvedObject,
  note: message,
  reportingController: reportingComponent,
  deprecatedCount: former(count, 'how often it happened.'),
  deprecatedFirstTimestamp: former(firstTimestamp, 'when it happened first.'),
  deprecatedLastTimestamp: former(lastTimestamp, 'when it happened last.'),
  deprecatedSource: former(source, 'who reports it.'),
});

type Content = EventContent & z.output<typeof schema>;

const ofOld = ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'deprecatedCount', 'deprecatedSource'];

/** Everything but metadata and series. */
const fixed = Object.keys(schema.shape).filter((field) => field !== 'series');

/** Events as events.k8s.io/v1 has them: stricter, and made for many that report the same. */
export const eventsGroup: Alias = {
  group: 'events.k8s.io',
  version: 'v1',
  renamed,
  schema,
  selectableFields: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => `regarding.${field}`),
    'reason',
    'type',
    'reportingController',
  ],
  validate(object) {
    const event = object as Content;
    return eventCauses(event, {
      namespace: { field: 'regarding.namespace', value: event.regarding?.namespace },
      message: { field: 'note', value: event.note },
      reporter: { field: 'reportingController', value: event.reportingController },
    });
  },
  validateNew: (object) => newEventCauses(object as Content, ofOld),
  validateChange: (before, after) => changedEventCauses(before as Content, after as Content, fixed),
};
