/** `IAMIdentityMapping` -> `iam-identity-mapping`: the file of a kind, and the end of its functions' and its queue's names. */
export const kebab = (kind: string): string =>
  kind
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
