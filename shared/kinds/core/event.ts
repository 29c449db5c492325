import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { eventsGroup } from './event-alias.ts';
import { eventFields, sharedEventFields } from './event-fields.ts';
import { eventCauses } from './event-rules.ts';

const schema = z.object({ ...eventFields, ...sharedEventFields });
type Content = z.output<typeof schema>;

const lastSeen = (e: Content): string | undefined =>
  e.series?.lastObservedTime ?? e.lastTimestamp ?? e.firstTimestamp ?? e.eventTime ?? undefined;

/** As upstream prints it: `kubelet, node-0`. */
function sourceOf({ source = {}, reportingComponent, reportingInstance }: Content): string {
  const component = source.component || reportingComponent;
  const host = source.host || reportingInstance;
  return [component, host].filter(Boolean).join(', ');
}

export const event = defineKind({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  description: 'Something that happened to an object. An Event is kept for an hour after it was last written.',
  schema,
  columns: [
    { name: 'Last Seen', type: 'date', description: 'Time since it last happened', value: (e) => lastSeen(e) },
    { name: 'Type', type: 'string', description: 'Normal or Warning', value: (e) => e.type },
    { name: 'Reason', type: 'string', description: 'Why it happened, in one word', value: (e) => e.reason },
    {
      name: 'Object',
      type: 'string',
      description: 'The object that it happened to',
      value: ({ involvedObject: { kind = '', name } }) => [kind.toLowerCase(), ...(name ? [name] : [])].join('/'),
    },
    { name: 'Subobject', type: 'string', description: 'The part of the object', priority: 1, value: (e) => e.involvedObject.fieldPath },
    { name: 'Source', type: 'string', description: 'Who reports it', priority: 1, value: (e) => sourceOf(e) },
    { name: 'Message', type: 'string', description: 'What happened, in a sentence', value: (e) => e.message?.trim() },
    {
      name: 'First Seen',
      type: 'date',
      description: 'Time since it first happened',
      priority: 1,
      value: (e) => e.firstTimestamp ?? e.eventTime ?? undefined,
    },
    { name: 'Count', type: 'integer', description: 'How often it happened', priority: 1, value: (e) => e.series?.count ?? (e.count || 1) },
    { name: 'Name', type: 'string', description: 'Name of the Event', priority: 1, value: (e) => e.metadata.name },
  ],
  selectableFields: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => `involvedObject.${field}`),
    'reason',
    'type',
    'reportingComponent',
  ],
  validate: (e) =>
    eventCauses(e, {
      namespace: { field: 'involvedObject.namespace', value: e.involvedObject.namespace },
      message: { field: 'message', value: e.message },
      reporter: { field: 'reportingComponent', value: e.reportingComponent },
    }),
  expiresAfter: 3600,
  aliases: [eventsGroup],
});
export type EventObject = ObjectOfKind<typeof event>;
