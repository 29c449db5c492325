import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Creation, openCloudState } from '../../../infra/local/clouds/cloud-state.ts';
import { addressPool, externalAddresses, requireLoopback } from '../../../infra/local/clouds/loopback.ts';

describe('the state of a fake cloud', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cloud-state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const journal = (): string => join(directory, 'aws.jsonl');
  const creation: Creation = { at: 1, id: 'i-1', name: 'one', tags: { uid: 'u' } };

  it('is the same when it is opened again, without having been closed', () => {
    const command = fc.oneof(
      fc.record({ id: fc.constantFrom('a', 'b', 'c'), value: fc.nat() }),
      fc.record({ id: fc.constantFrom('a', 'b', 'c'), value: fc.constant(undefined) }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(command, { maxLength: 3 }), { maxLength: 12 }), (batches) => {
        rmSync(journal(), { force: true });
        const state = openCloudState('aws', directory);
        for (const batch of batches) {
          state.atomically(() => {
            for (const { id, value } of batch) {
              if (value === undefined) state.table('things').delete(id);
              else state.table('things').put(id, { value });
            }
          });
        }
        const again = openCloudState('aws', directory);
        expect(again.table('things').all()).toEqual(state.table('things').all());
        state.close();
        again.close();
      }),
      { numRuns: 50 },
    );
  });

  it('remembers every creation, also of what is deleted', () => {
    const state = openCloudState('aws', directory);
    state.table('instances').put('i-1', {});
    state.recordCreation(creation);
    state.table('instances').delete('i-1');
    state.close();
    for (let start = 0; start < 3; start++) {
      const again = openCloudState('aws', directory);
      expect(again.creations()).toEqual([creation]);
      expect(again.table('instances').all()).toEqual([]);
      again.close();
    }
  });

  it('drops a last line that a kill cut short, and writes on behind it', () => {
    const state = openCloudState('aws', directory);
    state.table('instances').put('i-1', { kept: true });
    state.close();
    appendFileSync(journal(), '{"changes":[["instances","i-2",{"kept"');
    const again = openCloudState('aws', directory);
    again.table('instances').put('i-3', { kept: true });
    again.close();
    const third = openCloudState('aws', directory);
    expect(['i-1', 'i-2', 'i-3'].map((id) => third.table('instances').get(id))).toEqual([{ kept: true }, undefined, { kept: true }]);
    third.close();
  });

  it('puts the changes that belong together into one line', () => {
    const state = openCloudState('aws', directory);
    const lines = (): number => readFileSync(journal(), 'utf8').split('\n').length;
    const before = lines();
    state.atomically(() => {
      state.table('instances').put('i-1', {});
      state.atomically(() => state.table('volumes').put('vol-1', {}));
      state.recordCreation(creation);
    });
    expect(lines()).toBe(before + 1);
    state.close();
  });

  it('does not let its journal grow for ever', () => {
    const state = openCloudState('aws', directory);
    for (let change = 0; change < 25_000; change++) state.table('things').put('one', { change });
    expect(statSync(journal()).size).toBeLessThan(10_001 * 60);
    state.close();
    const again = openCloudState('aws', directory);
    expect(again.table('things').get('one')).toEqual({ change: 24_999 });
    again.close();
  });

  it('is for its owner’s eyes only, since it holds user data', () => {
    openCloudState('aws', directory).close();
    expect(statSync(journal()).mode & 0o077).toBe(0);
  });
});

describe('loopback addresses', () => {
  it('are given out once each, and rest before they are used again', () => {
    const pool = addressPool('127.64.1.254', '127.64.2.1', ['127.64.1.255']);
    const taken = [pool.take(), pool.take()];
    expect(taken).toEqual(['127.64.2.0', '127.64.2.1']);
    pool.giveBack('127.64.2.1');
    expect(pool.take()).toBe('127.64.1.254');
    expect(pool.take()).toBe('127.64.2.1');
    expect(() => pool.take()).toThrow('no address is free');
  });

  it('keep those that the user reserved out of the pool', () => {
    const { reserved, pool } = externalAddresses('127.70.0.0/16', 3);
    expect(reserved).toEqual(['127.70.0.10', '127.70.0.11', '127.70.0.12']);
    expect(pool.take()).toBe('127.70.1.1');
  });

  it.each(['10.0.0.0/16', '127.64.0.0/24', '0.0.0.0/0'])('are never of %s', (network) => {
    expect(() => externalAddresses(network, 1)).toThrow('/16 of loopback');
  });

  it.each(['0.0.0.0', 'localhost', '192.168.1.1', '::'])('are the only place to listen: not %s', (host) => {
    expect(() => requireLoopback(host)).toThrow('loopback only');
  });
});
