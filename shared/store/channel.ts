import type { Kind } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Listener, Source } from './feed.ts';
import { objectOf, type Replaced, type State } from './state.ts';

/** One partition that somebody listens to. */
export interface Channel {
  readonly kind: Kind;
  readonly partition: string;
  readonly listeners: Set<Listener>;
  /** Up to here everything has been seen. */
  cursor: number;
  /** By name, what was seen lately enough that the next look may find it again. */
  readonly seen: Map<string, Pick<State, 'uid' | 'version'>>;
}

/** A state that was not seen before. */
export interface News {
  readonly state: State;
  /** Opened when somebody asks; of what a channel found it is one value for all its listeners, who must not change it. */
  object(): Promise<KubeObject>;
  /** No earlier state of this object was seen. */
  readonly first: boolean;
  /** The object that had the name before, if its end was not seen. */
  readonly replaced?: Replaced;
}

export const openChannel = (kind: Kind, partition: string, cursor: number): Channel => ({
  kind,
  partition,
  listeners: new Set(),
  cursor,
  seen: new Map(),
});

/** Reads what is new, in no order, and remembers it. May find states above the ceiling: whoever needs an order keeps those back. */
export async function look(
  channel: Channel,
  { source, overlap, ceiling }: { readonly source: Source; readonly overlap: number; readonly ceiling: number },
): Promise<News[]> {
  const { kind, partition, seen } = channel;
  const after = channel.cursor - overlap;
  const states = await source.since(kind, partition, after, (name, version) => seen.get(name)?.version !== version);
  const news: News[] = [];
  for (const state of states) {
    const before = seen.get(state.name);
    if (before !== undefined && before.version >= state.version) continue;
    seen.set(state.name, { uid: state.uid, version: state.version });
    const { replaced } = state;
    let object: Promise<KubeObject> | undefined;
    news.push({
      state,
      object() {
        object ??= objectOf(state);
        return object;
      },
      first: state.createdVersion > after && before?.uid !== state.uid,
      ...(replaced !== undefined &&
        replaced.version > after &&
        before?.version !== replaced.version &&
        before?.uid !== state.uid && { replaced }),
    });
  }
  channel.cursor = Math.max(channel.cursor, ceiling);
  for (const [name, { version }] of seen) if (version <= channel.cursor - overlap) seen.delete(name);
  return news;
}
