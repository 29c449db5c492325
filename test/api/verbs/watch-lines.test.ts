import { describe, expect, it } from '@jest/globals';
import { silentLog as log } from '../../../infra/local/log.ts';
import type { WatchEvent } from '../../../shared/api/verbs/watch-events.ts';
import { watchLines } from '../../../shared/api/verbs/watch-lines.ts';
import type { View } from '../../../shared/api/view/present.ts';
import { machine } from '../../../shared/kinds/machine/kind.ts';
import { virtualClock } from '../../clock.ts';
import { machineNamed } from '../harness.ts';

const clock = virtualClock();
const linesOf = (form: View['form'], include: View['include'] = 'Metadata') =>
  watchLines({ clock, log }, { kind: machine }, { form, include });
const created = new Date(clock.now()).toISOString();
const event = (): WatchEvent => {
  const { metadata, ...rest } = machineNamed('a');
  return { type: 'ADDED', object: { ...rest, metadata: { ...metadata, creationTimestamp: created } } };
};
const parsed = (line: Uint8Array) => JSON.parse(new TextDecoder().decode(line));

describe('the lines of watches', () => {
  it.each(['Object', 'PartialObjectMetadata', 'Table'] as const)('are written once for all that show a change as %s', (form) => {
    const told = event();
    const [one, other] = [linesOf(form), linesOf(form)];
    expect(one.event(told)).toBe(other.event(told));
    expect(one.event({ ...told, type: 'MODIFIED' })).not.toBe(other.event(told));
    expect(one.event(event())).not.toBe(one.event(told));
  });

  it('of other forms are others', () => {
    const told = event();
    const kinds = (['Object', 'PartialObjectMetadata', 'Table'] as const).map((form) => parsed(linesOf(form).event(told)).object.kind);
    expect(kinds).toEqual(['Machine', 'PartialObjectMetadata', 'Table']);
    const rows = (['None', 'Metadata', 'Object'] as const).map((include) => parsed(linesOf('Table', include).event(told)).object.rows[0]);
    expect(rows.map(({ object }) => object?.kind)).toEqual([undefined, 'PartialObjectMetadata', 'Machine']);
  });

  it('of Tables have the columns once for each watch, and the age of their second', async () => {
    const told = event();
    const [one, other] = [linesOf('Table'), linesOf('Table')];
    const columnsOf = (line: Uint8Array) => parsed(line).object.columnDefinitions;
    expect([columnsOf(one.event(told)), columnsOf(one.event(told)), columnsOf(other.event(told))]).toEqual([
      expect.any(Array),
      null,
      expect.any(Array),
    ]);
    await clock.advance(5_000);
    expect(parsed(one.event(told)).object.rows[0].cells.at(-1)).toBe('5s');
  });
});
