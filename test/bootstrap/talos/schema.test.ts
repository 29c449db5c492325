import { expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { mainKind, shapeOf } from '../../../shared/bootstrap/talos/documents.ts';
import type { Shape } from '../../../shared/bootstrap/talos/fields/shape.ts';
import { describeWithReference, readReference } from './reference.ts';
import { documentsOf, render } from './rendering.ts';

interface Definition {
  readonly properties?: Record<string, Definition & { enum?: string[] }>;
  readonly items?: Definition;
  readonly $ref?: string;
}
const readSchema = (): { $defs: Record<string, Definition>; oneOf: Definition[] } => JSON.parse(readReference('v1.13.schema.json'));

/** Two kinds are named by something else in the published schema than in what Talos registers. */
const kindsBySchemaName: Readonly<Record<string, string>> = { KubeSpanEndpoints: 'KubeSpanEndpointsConfig' };

describeWithReference('the published JSON Schema of Talos 1.13', () => {
  it.each(['master', 'worker'] as const)('accepts every document of a %s', (role) => {
    const validate = new Ajv2020.default({ strict: false, validateFormats: false }).compile(readSchema());
    for (const { persist: _, ...document } of documentsOf(render({ role }))) {
      expect({ valid: validate(document), errors: validate.errors }).toEqual({ valid: true, errors: null });
    }
  });

  it('knows no field, in any kind of document, that we would refuse', () => {
    const { $defs, oneOf } = readSchema();
    const resolve = (definition: Definition): Definition => (definition.$ref ? $defs[definition.$ref.split('/').at(-1)!]! : definition);
    const unknown: string[] = [];
    const compare = (definition: Definition, shape: Shape | undefined, path: string): void => {
      const { properties = {}, items } = resolve(definition);
      if (items && shape?.is === 'sequence') compare(items, shape.of, `${path}[]`);
      for (const [name, property] of Object.entries(properties)) {
        const field = shape?.is === 'structure' ? shape.fields[name] : undefined;
        if (!field && shape?.is === 'structure') unknown.push(`${path}.${name}`);
        if (field) compare(property, field, `${path}.${name}`);
      }
    };
    for (const document of oneOf.map(resolve)) {
      const name = document.properties?.kind?.enum?.[0] ?? mainKind;
      const shape = shapeOf(kindsBySchemaName[name] ?? name, 13);
      if (!shape) unknown.push(name);
      compare(document, shape, name);
    }
    expect(oneOf.length).toBeGreaterThan(40);
    // The schema errs here: Talos reads `cert`.
    expect(unknown).toEqual(['RegistryTLSConfig.clientIdentity.crt']);
  });
});
