import { afterAll, beforeAll, describe } from '@jest/globals';
import type { SweptStore } from '../../shared/store/expiry.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { endingConformance, indexConformance } from './index-conformance.ts';
import { concurrencyConformance, objectConformance } from './object-conformance.ts';
import type { TestClock } from './ports.ts';
import { watchConformance } from './watch-conformance.ts';

/** Opens an empty store that has the namespaces which always exist. */
export type Open = (options?: { readonly clock?: TestClock; readonly pollMs?: number }) => Promise<SweptStore>;

export interface Host {
  readonly open: Open;
  close(): Promise<void>;
}

/** What every store promises. */
export function storeConformance(name: string, start: () => Promise<Host>): void {
  describe(`the store on ${name}`, () => {
    let host: Host;
    beforeAll(async () => {
      host = await start();
    });
    afterAll(() => host.close());
    const open: Open = async (options) => {
      const store = await host.open(options);
      await ensureNamespaces(store);
      return store;
    };
    objectConformance(open);
    concurrencyConformance(open);
    indexConformance(open);
    endingConformance(open);
    watchConformance(open);
  });
}
