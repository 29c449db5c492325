import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { paths } from '../harness.ts';
import { encodeProtobuf } from '../request/protobuf-encoder.ts';
import type { Effort } from './effort.ts';
import { mutated, torn, tornBytes } from './generate.ts';
import { ground } from './ground.ts';
import { anyBody, method, protobufType, target, validation, yamlType } from './requests.ts';
import { deleteOptions, marker, reviews, secret, seeds } from './seeds.ts';

/** Bodies of creates, updates and deletions, in every encoding. */
export function fuzzBodies(effort: Effort): void {
  describe('no body breaks the API:', () => {
    const { check, run } = ground(effort);

    run(
      'bodies in JSON',
      fc.tuple(method, validation, anyBody([...seeds, ...reviews])),
      ([how, strictness, { collection, body }]) =>
        check(how, `${target(how, collection, body.metadata?.name)}?fieldValidation=${strictness}`, body),
      effort.bodies,
    );

    const tornBody = (write: (body: object) => string, pieces: readonly string[]) =>
      anyBody(seeds).chain(({ collection, body }) => inManyWays(collection, torn(fc.constant(write(body)), pieces)));

    run(
      'bodies in JSON that is torn',
      fc.tuple(method, tornBody(JSON.stringify, jsonPieces)),
      ([how, { collection, ways }]) => each(ways, (text) => check(how, target(how, collection, 'f'), text)),
      effort.others / waysToTear,
    );

    run(
      'bodies in YAML',
      tornBody((body) => stringify(body, { lineWidth: 0 }), yamlPieces),
      ({ collection, ways }) => each(ways, (text) => check('POST', collection, text, yamlType)),
      effort.bodies / waysToTear,
    );

    const sent = anyBody([...seeds, ...reviews]).map(({ collection, body }) => ({
      collection,
      bytes: encodeProtobuf(body) ?? new Uint8Array(),
    }));
    run(
      'bodies in protobuf',
      sent.chain(({ collection, bytes }) => inManyWays(collection, tornBytes(fc.constant(bytes)))),
      ({ collection, ways }) => each(ways, (bytes) => check('POST', collection, bytes, protobufType)),
      effort.bodies / waysToTear,
    );

    const options = mutated([deleteOptions, { propagationPolicy: 'Foreground' }, { dryRun: ['All'] }]);
    run(
      'deletions',
      fc.tuple(options, fc.boolean()),
      ([body, binary]) =>
        check('DELETE', `${paths.configMaps}/none`, binary ? (encodeProtobuf(body) ?? body) : body, binary ? protobufType : {}),
      effort.others,
    );

    const kept = fc.constantFrom<unknown>({ m: marker }, marker, [marker], { m: [marker] }, { m: { x: marker } }, { m: `${marker}!` });
    const fields = fc
      .dictionary(fc.constantFrom('data', 'stringData', 'datas', 'type', 'immutable', 'apiVersion', 'kind'), kept, { minKeys: 1 })
      .filter(({ apiVersion, kind }) => apiVersion !== marker && kind !== marker);
    run(
      'Secrets, none of which a refusal repeats',
      fc.tuple(method, fields, validation),
      async ([how, given, strictness]) => {
        const path = `${target(how, paths.secrets, 'f')}?fieldValidation=${strictness}`;
        const answer = await check(how, path, { ...secret, ...given });
        if (answer.code >= 400) expect(JSON.stringify(answer.body)).not.toContain(marker.slice(0, 30));
      },
      effort.others,
    );
  });
}

/** Bodies are dear to make, and cheap to tear. */
const waysToTear = 4;

const inManyWays = <T>(collection: string, tornOnce: fc.Arbitrary<T>) =>
  fc.record({ collection: fc.constant(collection), ways: fc.array(tornOnce, { minLength: waysToTear, maxLength: waysToTear }) });

async function each<T>(ways: readonly T[], send: (way: T) => Promise<unknown>): Promise<void> {
  for (const way of ways) await send(way);
}

const jsonPieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\u',
  '\\u0000',
  '1e999',
  '-',
  'null',
  '"a":1,',
  '"__proto__":1,',
  '\u2028',
  ' ',
];
const yamlPieces = [
  '- ',
  ': ',
  '? ',
  '| ',
  '> ',
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!x ',
  '\t',
  '#',
  '---\n',
  '...\n',
  '{',
  '}',
  '[',
  "'",
  '"',
  '\n',
  '%',
  '0o7',
  '.inf',
  '__proto__: 1\n',
];
