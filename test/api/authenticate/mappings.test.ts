import { describe, expect, it } from '@jest/globals';
import { mappingsFrom } from '../../../shared/api/authenticate/aws/mappings.ts';
import { shareRecent } from '../../../shared/api/authenticate/aws/share-recent.ts';
import { iamIdentityMapping } from '../../../shared/kinds/iam/kind.ts';
import type { Store } from '../../../shared/store/store.ts';
import { testPlane } from './plane.ts';

const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

/** A store whose lists come in pages of two, and how often one was asked for. */
function paged(store: Store): { readonly store: Store; pages(): number } {
  let pages = 0;
  const list: Store['list'] = (kind, query) => {
    pages++;
    return store.list(kind, { ...query, limit: 2 });
  };
  return { store: { ...store, list }, pages: () => pages };
}

describe('mappings', () => {
  it('are all read, once in ten seconds', async () => {
    const { clock, map, store } = testPlane();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await map(name, { arn: role(name), username: name });
    const source = paged(store);
    const mappings = mappingsFrom(source.store, { clock, admins: [] });
    expect(await mappings(role('e'))).toEqual({ username: 'e', groups: [] });
    await mappings(role('nobody'));
    expect(source.pages()).toBe(3);
    await clock.advance(10_000);
    await mappings(role('e'));
    expect(source.pages()).toBe(6);
  });

  it.each([
    ['the session of a role', 'arn:aws:sts::123456789012:assumed-role/Dev/somebody'],
    ['a role with a path', role('team/Dev')],
    ['other letters', role('DEV')],
  ])('may name their principal by %s', async (_what, arn) => {
    const { clock, map, store } = testPlane();
    await map('dev', { arn, username: 'dev' });
    expect((await mappingsFrom(store, { clock, admins: [] })(role('Dev')))?.username).toBe('dev');
  });

  it('of one principal count by name, the first', async () => {
    const { clock, map, store } = testPlane();
    await map('b', { arn: role('Dev'), username: 'second' });
    await map('a', { arn: role('dev'), username: 'first' });
    expect((await mappingsFrom(store, { clock, admins: [] })(role('Dev')))?.username).toBe('first');
  });

  it('on their way out count no more', async () => {
    const { clock, map, store } = testPlane();
    const mapping = await map('dev', { arn: role('Dev'), username: 'dev' });
    const metadata = { ...mapping.metadata, finalizers: ['x'], deletionTimestamp: '2019-07-26T00:00:00Z' };
    await store.update(iamIdentityMapping, { ...mapping, metadata });
    expect(await mappingsFrom(store, { clock, admins: [] })(role('Dev'))).toBeUndefined();
  });

  it('do not stand before an admin', async () => {
    const { clock, map, store } = testPlane();
    await map('a', { arn: role('Admin'), username: 'nobody' });
    const mappings = mappingsFrom(store, { clock, admins: ['arn:aws:sts::123456789012:assumed-role/Admin/deployer'] });
    expect(await mappings(role('Admin'))).toEqual({ username: role('Admin'), groups: ['system:masters'] });
  });

  it('are asked for again when the store did not answer', async () => {
    const { clock, map, store } = testPlane();
    await map('dev', { arn: role('Dev'), username: 'dev' });
    let asked = 0;
    const list: Store['list'] = (kind, query) => (asked++ === 0 ? Promise.reject(new Error('throttled')) : store.list(kind, query));
    const mappings = mappingsFrom({ ...store, list }, { clock, admins: [] });
    await expect(mappings(role('Dev'))).rejects.toThrow('throttled');
    expect((await mappings(role('Dev')))?.username).toBe('dev');
  });

  it('cannot be made for an admin who is nobody', () => {
    const { clock, store } = testPlane();
    expect(() => mappingsFrom(store, { clock, admins: ['Admin'] })).toThrow('admins: Admin is no principal: write the ARN');
  });
});

describe('what is shared', () => {
  it('is forgotten oldest first beyond its bound', async () => {
    const share = shareRecent<number>(2);
    let asked = 0;
    const ask = async () => ++asked;
    const answers = [];
    for (const key of ['a', 'b', 'a', 'c', 'b', 'c', 'a']) answers.push(await share(key, ask));
    expect(answers).toEqual([1, 2, 1, 3, 2, 3, 4]);
  });

  it('is not a failure', async () => {
    const share = shareRecent<string>(2);
    await expect(share('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await share('a', async () => 'yes')).toBe('yes');
  });
});
