import type { KubeObject, ObjectName } from '../kinds/object.ts';

/** One object as it is stored: live, or the tombstone of a deleted one. What both stores give to their watches. */
export interface State extends ObjectName {
  readonly partition: string;
  readonly uid: string;
  readonly version: number;
  readonly createdVersion: number;
  /** The version at which the labels last changed. */
  readonly labelsVersion: number;
  readonly deleted: boolean;
  /** The object that had this name before, if it was deleted so lately that a watch may not have heard of it. */
  readonly replaced?: Replaced;
  /** The JSON text of the object (of its last state, if deleted), without its version. Opened each time: nothing is kept. */
  text(): Promise<string>;
}

export interface Replaced {
  readonly uid: string;
  /** The version of its deletion. */
  readonly version: number;
}

/** A new value each time: who reads may change what was read. */
export const objectOf = async (state: State): Promise<KubeObject> => objectFrom(await state.text(), state);

export function objectFrom(text: string, { version }: Pick<State, 'version'>): KubeObject {
  const object = JSON.parse(text) as KubeObject;
  object.metadata.resourceVersion = String(version);
  return object;
}
