import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { Admit } from '../call.ts';
import { invalid } from '../status.ts';
import { causesOf } from './causes.ts';
import { metadataCauses } from './metadata.ts';
import { givenName, objectMeta } from './object-meta.ts';
import { schemaOf } from './schema.ts';
import { checkSize } from './size.ts';

/**
 * The object with its kind's defaults, once it is sound. Throws 422 with one cause per field. A kind's own checks run
 * on what the schema has let pass, and `admit` on what those have.
 */
export async function validate(kind: Kind, object: KubeObject, admit: Admit | undefined): Promise<KubeObject> {
  const name = givenName(object);
  const { apiVersion, kind: type, metadata, ...fields } = object;
  const document = schemaOf(kind);
  const meta = z.object({ metadata: objectMeta }).safeParse({ metadata }, { reportInput: true });
  const parsed = kind.schema.safeParse(fields, { reportInput: true });
  const causes: Cause[] = [
    ...causesOf(meta.error?.issues ?? [], document, false),
    ...(meta.success ? metadataCauses(kind, object) : []),
    ...causesOf(parsed.error?.issues ?? [], document, kind.sealed),
  ];
  if (causes.length > 0 || !parsed.success) throw invalid(kind, name, causes);
  const sound: KubeObject = { apiVersion, kind: type, metadata, ...parsed.data };
  refuse(kind, name, kind.validate(sound));
  if (admit !== undefined) refuse(kind, name, await admit(kind, sound));
  const stored = kind.toStored === undefined ? sound : kind.toStored(sound);
  checkSize(kind, stored);
  return stored;
}

/** What is asked only of an object that is created. */
export const validateNew = (kind: Kind, object: KubeObject): void => refuse(kind, object.metadata.name, kind.validateNew?.(object) ?? []);

/** What may not change between two versions of an object. */
export function validateChange(kind: Kind, before: KubeObject, after: KubeObject): void {
  const causes = [...(kind.validateChange?.(before, after) ?? [])];
  const added = newFinalizers(before, after);
  if (before.metadata.deletionTimestamp !== undefined && added.length > 0)
    causes.push({
      field: 'metadata.finalizers',
      reason: 'FieldValueForbidden',
      message: `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
    });
  refuse(kind, after.metadata.name, causes);
}

function newFinalizers(before: KubeObject, after: KubeObject): string[] {
  const had = new Set(before.metadata.finalizers);
  return (after.metadata.finalizers ?? []).filter((finalizer) => !had.has(finalizer));
}

function refuse(kind: Kind, name: string, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid(kind, name, causes);
}
