import type { Cause } from '../../errors.ts';
import { canonical } from '../canonical.ts';
import type { KubeObject } from '../object.ts';

/** What Kubernetes asks of Events. The names of fields are those of the version in which they were sent. */

/** What is about an Event, whatever its version. */
export interface EventContent extends KubeObject {
  readonly reason?: string | undefined;
  readonly type?: string | undefined;
  readonly eventTime?: string | null | undefined;
  readonly series?: { readonly count?: number | undefined; readonly lastObservedTime?: string | null | undefined } | null | undefined;
  readonly action?: string | undefined;
  readonly reportingInstance?: string | undefined;
}

interface Part {
  readonly field: string;
  readonly value: string | undefined;
}

/** The parts that have two names. */
export interface NamedParts {
  /** The namespace of the object that it happened to. */
  readonly namespace: Part;
  readonly message: Part;
  readonly reporter: Part;
}

/** Characters. */
const longestWord = 128;
const longestMessage = 1024;

/** As upstream: an Event that has an eventTime is one of the newer sort, and says who reports what. */
export function eventCauses(event: EventContent, { namespace, message, reporter }: NamedParts): Cause[] {
  if (!event.eventTime) return namespaceCauses(event, namespace, ['default']);
  const required = [reporter, ...(['reportingInstance', 'action', 'reason'] as const).map((field) => ({ field, value: event[field] }))];
  return [
    ...(namespace.value ? [] : namespaceCauses(event, namespace, ['default', 'kube-system'])),
    ...required.filter(({ value }) => !value).map(({ field }) => missing(field)),
    ...unqualified(reporter),
    ...required.flatMap((part) => tooLong(part, longestWord)),
    ...tooLong(message, longestMessage),
  ];
}

/** What events.k8s.io/v1 asks of a new one beyond that. `former` are the fields that only older clients set. */
export const newEventCauses = (event: EventContent, former: readonly string[]): Cause[] => [
  ...(event.eventTime ? [] : [missing('eventTime')]),
  ...(event.type === 'Normal' || event.type === 'Warning'
    ? []
    : [
        {
          field: 'type',
          reason: 'FieldValueNotSupported' as const,
          message: `${JSON.stringify(event.type ?? '')}: supported values: "Normal", "Warning"`,
        },
      ]),
  ...former.filter((field) => isSet(event[field])).map((field) => ({ field, message: 'needs to be unset' })),
  ...seriesCauses(event),
];

/** What events.k8s.io/v1 lets nobody change: everything but a series that goes on. */
export const changedEventCauses = (before: EventContent, after: EventContent, fixed: readonly string[]): Cause[] => [
  ...(canonical(before.series ?? null) === canonical(after.series ?? null) ? [] : seriesCauses(after)),
  ...fixed
    .filter((field) => canonical(before[field] ?? null) !== canonical(after[field] ?? null))
    .map((field) => ({ field, message: 'field is immutable' })),
];

function seriesCauses({ series }: EventContent): Cause[] {
  if (!series) return [];
  return [
    ...((series.count ?? 0) < 2 ? [{ field: 'series.count', message: 'should be at least 2' }] : []),
    ...(series.lastObservedTime ? [] : [missing('series.lastObservedTime')]),
  ];
}

/** An Event is in the namespace of its object; Events of objects that are in none may be in these. */
function namespaceCauses({ metadata }: KubeObject, { field, value }: Part, otherwise: readonly string[]): Cause[] {
  const fits = value ? value === metadata.namespace : otherwise.includes(metadata.namespace ?? '');
  return fits ? [] : [{ field, message: `${JSON.stringify(value ?? '')}: does not match event.namespace` }];
}

const missing = (field: string): Cause => ({ field, reason: 'FieldValueRequired', message: `write ${says[field] ?? 'who reports it'}` });

const says: Readonly<Record<string, string>> = {
  eventTime: 'when it happened, such as 2026-01-02T15:04:05.000000Z',
  reportingInstance: 'which instance of the reporting program it was',
  action: 'what was done',
  reason: 'why it happened, in one word',
  'series.lastObservedTime': 'when it happened last',
};

/** As a label's key: `kubernetes.io/kubelet`, or `kubelet`. */
const qualified = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const unqualified = ({ field, value }: Part): Cause[] =>
  !value || qualified.test(value)
    ? []
    : [{ field, message: `${JSON.stringify(value)}: write a qualified name, such as kubernetes.io/kubelet` }];

const tooLong = ({ field, value = '' }: Part, most: number): Cause[] =>
  value.length > most ? [{ field, reason: 'FieldValueTooLong', message: `may not be more than ${most} characters` }] : [];

/** Zero and empty texts are what typed clients write for nothing. */
const isSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).some(isSet) : Boolean(value);
