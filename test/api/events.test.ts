import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { servedAs, toServed, toStored } from '../../shared/kinds/aliases.ts';
import { event } from '../../shared/kinds/core/event.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { asTable, type Harness, merge, openApi, paths, strategic } from './harness.ts';
import { watch } from './verbs/watching.ts';

/** Events are stored once, and served as core/v1 and as events.k8s.io/v1. */

const newer = '/apis/events.k8s.io/v1/namespaces/default/events';
const older = paths.events;
const applied = { 'content-type': 'application/apply-patch+yaml' };

const regarding = { kind: 'Machine', name: 'm', namespace: 'default' };
const written: KubeObject = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'old.1' },
  involvedObject: regarding,
  reason: 'Made',
  message: 'made it',
  type: 'Normal',
  count: 3,
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:10:00Z',
  source: { component: 'kubelet', host: 'node-0' },
};
const reported: KubeObject = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'new.1' },
  regarding,
  reason: 'Made',
  note: 'made it anew',
  action: 'Making',
  type: 'Warning',
  eventTime: '2026-01-01T00:00:00.000001Z',
  reportingController: 'example.com/maker',
  reportingInstance: 'maker-0',
};

let api: Harness['api'];
let send: Harness['send'];
beforeEach(async () => {
  ({ api, send } = await openApi());
  for (const [path, object] of [
    [older, written],
    [newer, reported],
  ] as const)
    expect((await send('POST', path, object)).code).toBe(201);
});

describe('an Event', () => {
  it('that is written in the core group is read in events.k8s.io/v1 by the names there', async () => {
    const { body } = await send('GET', `${newer}/old.1`);
    expect(body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      regarding,
      note: 'made it',
      reason: 'Made',
      deprecatedCount: 3,
      deprecatedFirstTimestamp: '2026-01-01T00:00:00Z',
      deprecatedLastTimestamp: '2026-01-01T00:10:00Z',
      deprecatedSource: { component: 'kubelet', host: 'node-0' },
    });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['involvedObject']));
  });

  it('that is written in events.k8s.io/v1 is read in the core group', async () => {
    const { body } = await send('GET', `${older}/new.1`);
    expect(body).toMatchObject({
      apiVersion: 'v1',
      involvedObject: regarding,
      message: 'made it anew',
      reportingComponent: 'example.com/maker',
    });
  });

  it('is one object: listed in both, with one uid and version, deleted once', async () => {
    const [a, b] = [(await send('GET', older)).body, (await send('GET', newer)).body];
    const identity = ({ items }: typeof a) =>
      items.map(({ metadata }: KubeObject) => [metadata.name, metadata.uid, metadata.resourceVersion]);
    expect(identity(a)).toEqual(identity(b));
    expect([b.kind, b.apiVersion, b.items[0].apiVersion]).toEqual(['EventList', 'events.k8s.io/v1', 'events.k8s.io/v1']);
    expect((await send('DELETE', `${newer}/old.1`)).body.details).toMatchObject({ group: 'events.k8s.io', kind: 'events' });
    expect((await send('GET', `${older}/old.1`)).code).toBe(404);
  });

  it('is printed alike, whatever it is read as', async () => {
    const cells = async (path: string) =>
      (await send('GET', path, undefined, asTable)).body.rows.map(({ cells }: { cells: unknown[] }) => cells);
    expect(await cells(newer)).toEqual(await cells(older));
    const { columnDefinitions, rows } = (await send('GET', `${newer}/old.1`, undefined, asTable)).body;
    const names = columnDefinitions.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['Last Seen', 'Type', 'Reason', 'Object', 'Subobject', 'Source', 'Message', 'First Seen', 'Count', 'Name']);
    expect(rows[0].cells.slice(1, 6)).toEqual(['Normal', 'Made', 'machine/m', null, 'kubelet, node-0']);
    expect(rows[0].cells[8]).toBe(3);
  });

  it.each([
    [newer, 'regarding.name=m,type=Warning', ['new.1']],
    [newer, 'regarding.kind=Machine,reason=Made', ['new.1', 'old.1']],
    [newer, 'reportingController=example.com/maker', ['new.1']],
    [newer, 'metadata.name=old.1', ['old.1']],
    [older, 'involvedObject.name=m,reportingComponent=example.com/maker', ['new.1']],
  ])('%s?fieldSelector=%s selects %j', async (path, selector, names) => {
    const { body } = await send('GET', `${path}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(body.items.map(({ metadata }: KubeObject) => metadata.name)).toEqual(names);
  });

  it.each([
    [newer, 'involvedObject.name=m'],
    [older, 'regarding.name=m'],
  ])('%s has no field %s to select by', async (path, selector) => {
    expect((await send('GET', `${path}?fieldSelector=${selector}`)).code).toBe(400);
  });
});

it('a watch of events.k8s.io/v1 tells what is written in the core group', async () => {
  const { body: list } = await send('GET', newer);
  const { resourceVersion } = list.metadata;
  const watching = await watch(api, newer, { resourceVersion, fieldSelector: 'regarding.name=m', allowWatchBookmarks: 'true' });
  await send('PATCH', `${older}/old.1`, { count: 4 }, merge);
  const { type, object } = await watching.next();
  expect([type, object]).toEqual([
    'MODIFIED',
    expect.objectContaining({ apiVersion: 'events.k8s.io/v1', deprecatedCount: 4, note: 'made it' }),
  ]);
  watching.leave();
});

describe('events.k8s.io/v1 asks for more than the core group', () => {
  const long = (length: number) => 'x'.repeat(length);
  const series = { count: 2, lastObservedTime: '2026-01-01T00:00:00.000002Z' };

  it.each<[string, Record<string, unknown>, string[]]>([
    ['is whole', {}, []],
    ['says not when', { eventTime: null }, ['eventTime']],
    ['says not who', { reportingController: undefined }, ['reportingController']],
    ['says who in no name', { reportingController: 'not a name' }, ['reportingController']],
    ['says not which', { reportingInstance: '' }, ['reportingInstance']],
    ['says which at length', { reportingInstance: long(129) }, ['reportingInstance']],
    ['says not what', { action: undefined, reason: undefined }, ['action', 'reason']],
    ['is neither Normal nor Warning', { type: 'Bad' }, ['type']],
    ['is a novel', { note: long(1025) }, ['note']],
    ['is a series of one', { series: { count: 1 } }, ['series.count', 'series.lastObservedTime']],
    ['is a series', { series }, []],
    ['has fields of old', { deprecatedCount: 2, deprecatedSource: { component: 'x' } }, ['deprecatedCount', 'deprecatedSource']],
    ['has empty fields of old', { deprecatedCount: 0, deprecatedSource: {} }, []],
    ['is of an object elsewhere', { regarding: { ...regarding, namespace: undefined } }, ['regarding.namespace']],
  ])('an Event that %s', async (_, change, fields) => {
    await send('POST', paths.namespaces, { metadata: { name: 'one' } });
    const event = { ...reported, metadata: { name: 'x' }, regarding: { ...regarding, namespace: 'one' }, ...change };
    const { code, body } = await send('POST', newer.replace('default', 'one'), event);
    expect([code, (body.details?.causes ?? []).map(({ field }: { field: string }) => field)]).toEqual([
      fields.length === 0 ? 201 : 422,
      fields,
    ]);
  });

  it('in the core group an old Event needs none of it, one with an eventTime does', async () => {
    const { eventTime } = reported;
    expect((await send('POST', older, { ...written, metadata: { name: 'a' }, type: undefined })).code).toBe(201);
    const { code, body } = await send('POST', older, { ...written, metadata: { name: 'b' }, eventTime });
    expect([code, body.details.causes.map(({ field }: { field: string }) => field)]).toEqual([
      422,
      ['reportingComponent', 'reportingInstance', 'action'],
    ]);
    const elsewhere = { ...written, metadata: { name: 'c' }, involvedObject: { ...regarding, namespace: 'other' } };
    expect((await send('POST', older, elsewhere)).body.details.causes[0].field).toBe('involvedObject.namespace');
  });

  it('only its series and its metadata change there', async () => {
    const labelled = await send('PATCH', `${newer}/old.1`, { metadata: { labels: { a: 'b' } } }, strategic);
    expect([labelled.code, labelled.body.metadata.labels]).toEqual([200, { a: 'b' }]);
    const series = { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' };
    expect((await send('PATCH', `${newer}/new.1`, { series }, merge)).body.series).toEqual(series);
    const { code, body } = await send('PATCH', `${newer}/new.1`, { note: 'another', deprecatedCount: 2 }, merge);
    expect([code, body.details.causes.map(({ field }: { field: string }) => field)]).toEqual([422, ['note', 'deprecatedCount']]);
    expect((await send('PATCH', `${older}/old.1`, { message: 'another' }, merge)).code).toBe(200);
  });
});

describe('who owns a field of an Event', () => {
  const ownersIn = ({ metadata }: KubeObject) =>
    (metadata.managedFields as { manager: string; apiVersion: string; fieldsV1: object }[]).map(({ manager, apiVersion, fieldsV1 }) => [
      manager,
      apiVersion,
      Object.keys(fieldsV1).sort(),
    ]);
  const applyAs = (manager: string, path: string, object: KubeObject, force = false) =>
    send('PATCH', `${path}/${object.metadata.name}?fieldManager=${manager}&force=${force}`, object, applied);
  const wish = { ...reported, metadata: { name: 'ssa' } };

  it('is said in the words of the version in which they wrote', async () => {
    await send('POST', `${older}?fieldManager=one`, { ...written, metadata: { name: 'x' } });
    const { body } = await send(
      'PATCH',
      `${newer}/x?fieldManager=two`,
      { series: { count: 2, lastObservedTime: '2026-01-01T00:00:01Z' } },
      merge,
    );
    expect(ownersIn(body)).toEqual([
      ['one', 'v1', ['f:count', 'f:firstTimestamp', 'f:involvedObject', 'f:lastTimestamp', 'f:message', 'f:reason', 'f:source', 'f:type']],
      ['two', 'events.k8s.io/v1', ['f:series']],
    ]);
  });

  it('is lost to who changes it under its other name', async () => {
    expect((await applyAs('maker', newer, wish)).code).toBe(201);
    const { body } = await send('PATCH', `${older}/ssa?fieldManager=editor`, { message: 'edited' }, merge);
    expect(ownersIn(body)[1]).toEqual(['editor', 'v1', ['f:message']]);
    expect(ownersIn(body)[0]![2]).not.toContain('f:note');
  });

  it('keeps it from others: an apply in one version conflicts with one in the other, by its own name', async () => {
    const coreWish = { ...toStored(servedAs(event as unknown as Kind)[1]!, wish), message: 'mine' };
    expect((await applyAs('maker', newer, wish)).code).toBe(201);
    const { code, body } = await applyAs('other', older, coreWish);
    expect([code, body.details.causes]).toEqual([
      409,
      [{ reason: 'FieldManagerConflict', message: 'conflict with "maker"', field: '.message' }],
    ]);
    const forced = (await applyAs('other', older, coreWish, true)).body;
    expect(ownersIn(forced).map(([manager, version]) => [manager, version])).toEqual([
      ['maker', 'events.k8s.io/v1'],
      ['other', 'v1'],
    ]);
  });

  it('stays with an applier that comes back in the other version: nothing is applied twice or left behind', async () => {
    await applyAs('maker', newer, wish);
    const { note: _, ...rest } = wish as KubeObject & { note: string };
    const { code, body } = await applyAs('maker', older, toStored(servedAs(event as unknown as Kind)[1]!, rest as KubeObject));
    expect([code, body.message]).toEqual([200, undefined]);
    expect(ownersIn(body).map(([manager, version]) => [manager, version])).toEqual([['maker', 'v1']]);
  });
});

it('to events.k8s.io/v1 and back is the same Event, and so is the other way', () => {
  const [stored, alias] = servedAs(event as unknown as Kind);
  const fields = (kind: Kind) =>
    fc.record(Object.fromEntries(Object.keys(kind.schema.shape).map((field) => [field, fc.json()])), { requiredKeys: [] });
  const objectOf = (kind: Kind) =>
    fields(kind).map(
      (content): KubeObject => ({
        apiVersion: kind.group === '' ? 'v1' : 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: 'x' },
        ...content,
      }),
    );
  fc.assert(fc.property(objectOf(stored!), (object) => expect(toStored(alias!, toServed(alias!, object))).toEqual(object)));
  fc.assert(fc.property(objectOf(alias!), (object) => expect(toServed(alias!, toStored(alias!, object))).toEqual(object)));
});
