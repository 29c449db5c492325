import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aesSealer, type Key, type KeyRing } from '../../shared/store/seal.ts';
import { realRandom } from './ports.ts';

const oldKey: Key = { id: 'old', bytes: randomBytes(32) };
const newKey: Key = { id: 'new', bytes: randomBytes(32) };
const ringOf = (current: Key, ...others: Key[]): KeyRing => ({
  current: () => current,
  byId: (id) => [current, ...others].find((key) => key.id === id),
});
const sealer = aesSealer(ringOf(oldKey), realRandom);
const text = Buffer.from('a secret of some length');

describe('the seal', () => {
  it('opens to what was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.string(), async (plaintext, identity) => {
        const sealed = await sealer.seal(plaintext, identity);
        expect(Buffer.from(await sealer.open(sealed, identity))).toEqual(Buffer.from(plaintext));
      }),
    );
  });

  it('is different each time, and shows nothing but the id of the key', async () => {
    const [one, another] = [await sealer.seal(text, 'x'), await sealer.seal(text, 'x')];
    expect(Buffer.compare(one, another)).not.toBe(0);
    expect(Buffer.from(one).includes(text.subarray(0, 6))).toBe(false);
    expect(Buffer.from(one).includes('old')).toBe(true);
  });

  it('does not open for another object, nor with any bit changed', async () => {
    const sealed = await sealer.seal(text, 'secrets./default/a/1');
    await expect(sealer.open(sealed, 'secrets./default/b/1')).rejects.toMatchObject({ name: 'Refused' });
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      await expect(sealer.open(changed, 'secrets./default/a/1')).rejects.toMatchObject({ name: 'Refused' });
    }
    await expect(sealer.open(sealed.subarray(0, 20), 'secrets./default/a/1')).rejects.toMatchObject({ name: 'Refused' });
  });

  it('still opens what an earlier key sealed, for as long as that key is kept', async () => {
    const sealed = await sealer.seal(text, 'x');
    const rotated = aesSealer(ringOf(newKey, oldKey), realRandom);
    expect(Buffer.from(await rotated.open(sealed, 'x'))).toEqual(text);
    expect(Buffer.from(await rotated.seal(text, 'x')).includes('new')).toBe(true);
    const refusal = { name: 'Refused', message: expect.stringContaining('key "old"') };
    await expect(aesSealer(ringOf(newKey), realRandom).open(sealed, 'x')).rejects.toMatchObject(refusal);
  });
});
