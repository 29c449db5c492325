import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import * as z from 'zod';
import type { Cause } from '../errors.ts';
import type { Cloud } from './provisioner.ts';

export interface ReadConfig {
  /** The config, when there are no causes: without the keys in `unknown`. */
  readonly config?: unknown;
  readonly causes: readonly Cause[];
  /** Paths of keys that the cloud does not know. */
  readonly unknown: readonly string[];
}

/** A config is a dozen keys; a YAML parser takes seconds over a megabyte. */
const longestConfig = 16_384;

/**
 * Reads `platform.config`, a YAML document in a string. `field` is the path of that string; what is wrong inside is
 * named below it (`spec.providerSpec.value.platform.config.instances.type`), YAML errors by line and column.
 */
export function readConfig(cloud: Pick<Cloud, 'config' | 'platform'>, text: string, field: string): ReadConfig {
  const invalid = (message: string, at = field): ReadConfig => ({
    causes: [{ field: at, reason: 'FieldValueInvalid', message }],
    unknown: [],
  });
  if (text.length > longestConfig) return invalid(`is ${text.length} characters long; at most ${longestConfig} are read`);
  const placeholder = /\{\{[^}]*\}\}/.exec(text);
  if (placeholder !== null) return invalid(`the placeholder ${placeholder[0]} is still in it: write its value`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return invalid(`is not YAML: line ${line}, column ${col}: ${error.message}`);
  }
  if (hasAlias(document)) return invalid('has a YAML alias (*name): write out what it stands for');
  const value: unknown = document.toJS();
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return invalid(`write a YAML mapping with the keys of platform ${cloud.platform}`);
  return check(cloud, value as Record<string, unknown>, field);
}

/** A few aliases of aliases make a text of gigabytes. */
function hasAlias(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function check(cloud: Pick<Cloud, 'config'>, value: Record<string, unknown>, field: string): ReadConfig {
  const known = structuredClone(value);
  const unknown: string[] = [];
  for (const issue of cloud.config.safeParse(known).error?.issues ?? []) {
    if (issue.code !== 'unrecognized_keys') continue;
    const parent = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], known) as Record<string, unknown>;
    for (const key of issue.keys) {
      unknown.push(pathOf(field, [...issue.path, key]));
      delete parent[key];
    }
  }
  const result = cloud.config.safeParse(known);
  if (result.success) return { config: result.data, causes: [], unknown };
  const causes = result.error.issues.map((issue): Cause => {
    const missing =
      issue.code === 'invalid_type' &&
      issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], known) === undefined;
    return {
      field: pathOf(field, issue.path),
      reason: missing ? 'FieldValueRequired' : 'FieldValueInvalid',
      message: adviceOf(issue, missing, cloud),
    };
  });
  return { causes, unknown };
}

const pathOf = (field: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>((at, key) => (typeof key === 'number' ? `${at}[${key}]` : `${at}.${String(key)}`), field);

/** The schema's own words, which say what to write and begin in lower case; else what the key is. */
function adviceOf(issue: z.core.$ZodIssue, missing: boolean, cloud: Pick<Cloud, 'config'>): string {
  if (!/^[A-Z]/.test(issue.message)) return issue.message;
  const description = descriptionOf(cloud, issue.path);
  const wrong = missing ? 'must be set' : issue.message.replace(/^Invalid input: /, '');
  return description === undefined ? wrong : `${wrong}: ${description}`;
}

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<PropertyKey, Described>>;
  readonly items?: Described;
}

const descriptionOf = ({ config }: Pick<Cloud, 'config'>, path: readonly PropertyKey[]): string | undefined =>
  path.reduce<Described | undefined>(
    (at, key) => (typeof key === 'number' ? at?.items : at?.properties?.[key]),
    z.toJSONSchema(config) as Described,
  )?.description;
