/**
 * What a place in a Talos config may hold. From one such description come strict decoding, the order in which fields are
 * written, and how a strategic merge patch meets what is there.
 */
export type Shape = Text | Count | Flag | FreeForm | Arguments | Structure | Sequence | Mapping;

/** How a patch's value meets the config's: most shapes have one way of their own, and a few fields are replaced whole. */
interface Common {
  /** First minor version of Talos 1 that knows the field; older ones refuse the whole config. */
  readonly since?: number;
  readonly replaced?: true;
}
export interface Text extends Common {
  readonly is: 'text';
}
/** `optional`: upstream holds a pointer, so a zero that was written counts as a value. */
export interface Count extends Common {
  readonly is: 'count';
  readonly optional: boolean;
}
export interface Flag extends Common {
  readonly is: 'flag';
}
/** Somebody else's format: kept as it is. */
export interface FreeForm extends Common {
  readonly is: 'freeForm';
}
/** Command line flags by name; from 1.13 on a value may be a list. */
export interface Arguments extends Common {
  readonly is: 'arguments';
}
/** Fields in the order in which Talos writes them. Unknown ones are refused. */
export interface Structure extends Common {
  readonly is: 'structure';
  readonly fields: Fields;
}
export interface Sequence extends Common {
  readonly is: 'sequence';
  readonly of: Shape;
  /** Elements with the same value of one of these fields are the same element; without keys a patch appends. */
  readonly keys: readonly string[];
  /** An equal element is replaced, not merged into. */
  readonly replacesElement: boolean;
}
export interface Mapping extends Common {
  readonly is: 'mapping';
  readonly of: Shape;
}
export type Fields = Readonly<Record<string, Shape>>;

export const text: Text = { is: 'text' };
export const count: Count = { is: 'count', optional: false };
export const optionalCount: Count = { is: 'count', optional: true };
export const flag: Flag = { is: 'flag' };
export const freeForm: FreeForm = { is: 'freeForm' };
export const flags: Arguments = { is: 'arguments' };
export const structure = (fields: Fields): Structure => ({ is: 'structure', fields });
export const mapOf = (of: Shape): Mapping => ({ is: 'mapping', of });
export const listOf = (of: Shape): Sequence => ({ is: 'sequence', of, keys: [], replacesElement: false });
export const keyedListOf = (of: Structure, ...keys: string[]): Sequence => ({ ...listOf(of), keys });

export const texts = listOf(text);
export const textMap = mapOf(text);

/** The same field, which Talos knows from `1.<minor>` on. */
export const since = <S extends Shape>(minor: number, shape: S): S => ({ ...shape, since: minor });
/** The same field, of which a patch replaces the whole value. */
export const replaced = <S extends Shape>(shape: S): S => ({ ...shape, replaced: true });

export const certificateAndKey = structure({ crt: text, key: text });
export const certificate = structure({ crt: text });
