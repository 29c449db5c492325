/** The part of a protobuf JSON descriptor that we walk. */
interface Namespace {
  nested?: Record<string, Namespace>;
  [key: string]: unknown;
}

/**
 * Cuts `@google-cloud/compute`'s descriptor down, in place, to the named services of v1 and the types that they reach:
 * of 129 services and 2,216 types some 250 types stay. Every client parses the descriptor; cut, six clients start
 * in 0.4 s and 110 MB instead of 2 s and 220 MB. A bundler can use it as well.
 */
export function keepServices(descriptor: unknown, services: readonly string[]): void {
  const versions = descend(descriptor as Namespace, ['google', 'cloud', 'compute']).nested!;
  const types = descend({ nested: versions }, ['v1']).nested!;
  const kept = new Set<string>();
  const queue = [...services];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (kept.has(name)) continue;
    const type = types[name];
    if (type === undefined) throw new RangeError(`@google-cloud/compute has no service or type ${name} in v1`);
    kept.add(name);
    for (const reference of referencesOf(type)) if (reference in types) queue.push(reference);
  }
  for (const name of Object.keys(types)) if (!kept.has(name)) delete types[name];
  for (const version of Object.keys(versions)) if (version !== 'v1') delete versions[version];
}

function descend(namespace: Namespace, path: readonly string[]): Namespace {
  return path.reduce((at, name) => {
    const next = at.nested?.[name];
    if (next === undefined)
      throw new RangeError(`the descriptor of @google-cloud/compute has no ${path.join('.')}: its layout has changed`);
    return next;
  }, namespace);
}

const referring = new Set(['type', 'requestType', 'responseType', 'keyType']);

/** The names of the types that a type or service mentions, nested ones included, without their packages. */
function referencesOf(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    referring.has(key) && typeof inner === 'string' ? [inner.slice(inner.lastIndexOf('.') + 1)] : referencesOf(inner),
  );
}
