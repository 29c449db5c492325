import { isSeq, parseDocument } from 'yaml';
import { Invalid } from '../../../errors.ts';
import type { Contract } from '../contract.ts';
import { decodeDocument, decodeDocuments } from '../decode.ts';
import { type ConfigDocument, mainKind, refuse, sameDocument, shapeOf, titleOf } from '../documents.ts';
import { encodeYaml } from '../encode.ts';
import type { Structure } from '../fields/shape.ts';
import { parseYaml } from '../read-yaml.ts';
import { type Deletion, deleteAt, takeDeletions } from './deletions.ts';
import { applyJsonPatch } from './json-patch.ts';
import { MergeConflict, mergeStructure } from './strategic-merge.ts';

/**
 * Applies patches in order, each a text of strategic merge documents or, before Talos 1.12, a JSON patch. Documents meet by
 * kind and name; one without a counterpart is added. Throws Invalid that names the patch as `patches[i]`.
 */
export function applyPatches(
  documents: readonly ConfigDocument[],
  patches: readonly string[],
  contract: Contract,
): readonly ConfigDocument[] {
  return patches.reduce((current, patch, i) => {
    try {
      return applyPatch(current, patch, contract);
    } catch (error) {
      throw asInvalid(error, `patches[${i}]`);
    }
  }, documents);
}

/** Says of an error which patch it is about; what is no fault of a patch stays what it is. */
function asInvalid(error: unknown, field: string): unknown {
  const causes =
    error instanceof MergeConflict ? [{ field: '', message: error.message }] : error instanceof Invalid ? error.causes : undefined;
  if (!causes) return error;
  const placed = causes.map((cause) => ({ ...cause, field: cause.field === '' ? field : `${field}: ${cause.field}` }));
  return new Invalid(placed.map((cause) => `${cause.field}: ${cause.message}`).join('; '), { causes: placed });
}

function applyPatch(documents: readonly ConfigDocument[], patch: string, contract: Contract): readonly ConfigDocument[] {
  const json = parseDocument(patch, { prettyErrors: false });
  if (json.errors.length === 0 && isSeq(json.contents)) return applyToOnly(documents, json.toJS(), contract);
  const reading = parseYaml(patch, contract.minor);
  const steps = reading.roots.map((root) => {
    const { deletions, remains } = takeDeletions(root, reading);
    return { deletions, addition: remains ? decodeDocument(root, reading) : undefined };
  });
  refuse('patch', reading.causes);
  return steps.reduce((current, { deletions, addition }) => {
    const left = deletions.reduce((before, deletion) => deleteFrom(before, deletion, contract), current);
    return addition ? mergeDocument(left, addition, contract) : left;
  }, documents);
}

function mergeDocument(documents: readonly ConfigDocument[], addition: ConfigDocument, contract: Contract): readonly ConfigDocument[] {
  if (!documents.some((document) => sameDocument(document, addition))) return [...documents, addition];
  const shape = knownShape(addition, contract);
  return documents.map((document) =>
    sameDocument(document, addition) ? { ...document, value: mergeStructure(document.value, addition.value, shape) } : document,
  );
}

/** A deletion in a document that is not there says what is true already. */
function deleteFrom(documents: readonly ConfigDocument[], deletion: Deletion, contract: Contract): readonly ConfigDocument[] {
  if (deletion.path.length > 0) {
    const shape = knownShape(deletion, contract);
    return documents.map((document) =>
      sameDocument(document, deletion) ? { ...document, value: deleteAt(document.value, deletion, shape) } : document,
    );
  }
  if (deletion.kind === mainKind) throw new MergeConflict('$patch: delete: the document with machine and cluster cannot be deleted');
  return documents.filter((document) => !sameDocument(document, deletion));
}

function knownShape(document: Pick<ConfigDocument, 'kind' | 'name'>, contract: Contract): Structure {
  const shape = shapeOf(document.kind, contract.minor);
  if (!shape) throw new MergeConflict(`Talos 1.${contract.minor} knows no document ${titleOf(document)}`);
  return shape;
}

/** Talos refuses JSON patches for a config of several documents, which every config is from 1.12 on. */
function applyToOnly(documents: readonly ConfigDocument[], patch: unknown, contract: Contract): readonly ConfigDocument[] {
  const [main, ...others] = documents;
  if (!main || others.length > 0) {
    throw new MergeConflict(
      'is a JSON patch (RFC 6902), which cannot be applied to a config of several documents, as Talos 1.12 and later have: write a strategic merge patch',
    );
  }
  // Read back as it stands, so that what Talos does not know is refused here too.
  return decodeDocuments(encodeYaml(applyJsonPatch(main.value, patch)), contract.minor);
}
