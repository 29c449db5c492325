import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { Clock } from '../ports.ts';
import { type Channel, look, type News, openChannel } from './channel.ts';
import { partitionOf } from './partition.ts';
import type { State } from './state.ts';
import { type Versions, versionsIn } from './version.ts';

/** Where changes are read from. */
export interface Source {
  /** The states of a partition with a version above `after`, in any order; of those, only the ones that are news need be read. */
  since(kind: Kind, partition: string, after: number, isNews: (name: string, version: number) => boolean): Promise<State[]>;
  /** All live states of a partition, page by page. */
  live(kind: Kind, partition: string): AsyncIterable<State[]>;
}

/** What one look at the store found. */
export interface Round {
  /** Grows with each round. */
  readonly number: number;
  /** Every partition was looked at, not only those that this process wrote to. */
  readonly full: boolean;
  /** Up to here nothing is missing. */
  readonly ceiling: number;
  readonly news: readonly News[];
}

/** Who wants to hear of changes. */
export interface Listener {
  readonly kind: Kind;
  /** Absent: of all namespaces, those included that are made later. */
  readonly namespace?: string;
  hear(round: Round): void;
  fail(error: unknown): void;
}

/** One loop per store looks for all its watches: each partition once per round, however many listen. */
export interface Feed {
  join(listener: Listener): void;
  /** Adds a namespace to a listener of all namespaces. */
  follow(listener: Listener, namespace: string): void;
  leave(listener: Listener): void;
  /** This process has written to the partition: look soon. False: nobody watches it. */
  nudge(partition: string): boolean;
  /** The number of the last round that has begun. */
  begun(): number;
}

export interface FeedOptions {
  readonly clock: Clock;
  readonly source: Source;
  readonly versions: Versions;
  readonly overlapMs: number;
  /** Time between two looks at everything; absent: nobody else writes, so only a write of this process is worth a look. */
  readonly pollMs?: number;
  /** Time between two looks at what this process wrote, so that many writes cost one look. */
  readonly restMs: number;
}

const namespaces = partitionOf(namespaceKind, '');

export function createFeed({ clock, source, versions, overlapMs, pollMs, restMs }: FeedOptions): Feed {
  const overlap = versionsIn(overlapMs);
  const channels = new Map<string, Channel>();
  const everywhere = new Set<Listener>();
  const listeners = new Set<Listener>();
  const dirty = new Set<string>();
  let rounds = 0;
  let running = false;
  let awake = Promise.withResolvers<void>();
  let rest = new AbortController();

  function wake(): void {
    awake.resolve();
    rest.abort();
  }

  function channelOf(kind: Kind, partition: string, cursor = versions.ceiling()): Channel {
    const channel = channels.get(partition) ?? openChannel(kind, partition, cursor);
    channels.set(partition, channel);
    return channel;
  }

  /** A namespace is new: whoever listens everywhere listens there too, from before it was made. */
  function openNamespace(name: string, before: number): void {
    for (const listener of everywhere) {
      const channel = channelOf(listener.kind, partitionOf(listener.kind, name), before);
      if (channel.listeners.has(listener)) continue;
      channel.listeners.add(listener);
      channel.cursor = Math.min(channel.cursor, before);
      channel.seen.clear();
    }
  }

  async function round(full: boolean): Promise<void> {
    const number = ++rounds;
    const ceiling = versions.ceiling();
    const due = new Set(full ? channels.keys() : [...dirty].filter((partition) => channels.has(partition)));
    dirty.clear();
    const heard = new Map<Listener, News[]>();
    const visit = async (channel: Channel): Promise<News[]> => {
      const news = await look(channel, { source, overlap, ceiling });
      for (const listener of channel.listeners) {
        const before = heard.get(listener);
        // Mostly all listen to one channel: then it is one list for all of them.
        heard.set(listener, before === undefined ? news : [...before, ...news]);
      }
      return news;
    };

    const made = due.has(namespaces) ? channels.get(namespaces) : undefined;
    if (made !== undefined) {
      const before = made.cursor;
      const known = new Set(channels.keys());
      for (const { state } of await visit(made)) openNamespace(state.name, before);
      for (const partition of channels.keys()) if (!known.has(partition)) due.add(partition);
    }
    const others = [...due].filter((partition) => partition !== namespaces).map((partition) => channels.get(partition));
    await Promise.all(others.filter((channel) => channel !== undefined).map(visit));
    for (const listener of full ? listeners : heard.keys()) listener.hear({ number, full, ceiling, news: heard.get(listener) ?? [] });
  }

  /** Until the next look at everything is due, or something was written; then a short rest, so that more can come together. */
  async function pause(nextFull: number): Promise<void> {
    if (dirty.size === 0) {
      if (pollMs === undefined) await awake.promise;
      else await clock.sleep(Math.max(0, nextFull - clock.now()), rest.signal);
    }
    if (restMs > 0 && dirty.size > 0) await clock.sleep(restMs);
  }

  async function run(): Promise<void> {
    running = true;
    let nextFull = clock.now();
    for (;;) {
      const full = pollMs === undefined || clock.now() >= nextFull;
      if (full) nextFull = clock.now() + (pollMs ?? 0);
      try {
        await round(full);
      } catch (error) {
        for (const listener of listeners) listener.fail(error);
        listeners.clear();
        break;
      }
      awake = Promise.withResolvers();
      rest = new AbortController();
      if (listeners.size === 0) break;
      await pause(nextFull);
    }
    running = false;
    channels.clear();
    everywhere.clear();
  }

  return Object.freeze({
    join(listener: Listener) {
      listeners.add(listener);
      if (listener.namespace !== undefined)
        channelOf(listener.kind, partitionOf(listener.kind, listener.namespace)).listeners.add(listener);
      else {
        everywhere.add(listener);
        channelOf(namespaceKind, namespaces);
      }
      if (!running) void run();
    },

    follow(listener: Listener, namespace: string) {
      // It may have left while the namespaces were read.
      if (listeners.has(listener)) channelOf(listener.kind, partitionOf(listener.kind, namespace)).listeners.add(listener);
    },

    leave(listener: Listener) {
      listeners.delete(listener);
      everywhere.delete(listener);
      for (const [partition, channel] of channels) {
        channel.listeners.delete(listener);
        if (channel.listeners.size === 0 && (partition !== namespaces || everywhere.size === 0)) channels.delete(partition);
      }
      if (listeners.size === 0) wake();
    },

    nudge(partition: string) {
      // Of an unknown partition it may be the namespace that the next round finds.
      if (!channels.has(partition) && everywhere.size === 0) return false;
      dirty.add(partition);
      wake();
      return true;
    },

    begun: () => rounds,
  });
}
