import fc from 'fast-check';
import { parseSaidAt } from '../../src/domain/said-at.js';
import type { Schema } from './http-contract.js';

/** Schemas by name, as the document holds them. */
export type NamedSchemas = Readonly<Record<string, Schema>>;

/** Dates as EDTF level 1 writes them, and some that only look so. */
const DATES = [
  '2025-04-21',
  '2025-04',
  '2025',
  '../2025-04-21',
  '2025-04-21/..',
  '2025-04-21T18:00Z',
  '2025-04~',
  '2025-21',
  '2025-02-30',
  '',
  'soon',
  '../..',
  '2025-04-21/2025-04-20',
  '+2025',
  '12025',
  '2025-04-21T25:00',
  '2025-04-21T18:00',
  '0000',
  '9999-12-31',
  '-0001',
];

/** Texts that are hard to count, to trim and to match. */
const HARD = [
  '',
  ' ',
  '\u00A0',
  '\u3000\n',
  '\uFEFF',
  '\u200B',
  '\u0000',
  '\uD800',
  '\uDC00x',
  'a',
  'é',
  '🌉',
  '❤\uFE0F',
  '\uFE0F',
  'null',
  'a-b',
  '-a',
  'a_',
  'A',
  '9',
];

const NAMES = [
  'nonsense',
  'toString',
  'constructor',
  'hasOwnProperty',
  'then',
  'valueOf',
  '0',
  '',
  'act',
  'slug',
  'length',
  '__defineGetter__',
];

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 'text', [], {}, [[]], [null], { length: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Texts about as long as they may be, counted in code points and in what only looks like one. */
function long(most: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('x', '🌉', 'é', '❤\uFE0F', '\u0301', ' '), fc.integer({ min: -2, max: 2 }))
    .map(([piece, more]) =>
      `a${piece.repeat(Math.max(0, Math.ceil((most + more - 1) / [...piece].length)))}`.slice(
        0,
        2 * most + 8,
      ),
    );
}

/** Values of a property, known by its name; undefined where any value will do that its schema accepts. */
export type ByName = (name: string, schema: Schema) => fc.Arbitrary<unknown> | undefined;

const ANY: ByName = () => undefined;

/** Bodies that a schema accepts, with at most two of their fields spoilt: a body that is all wrong would hide on what the two disagree. */
export function bodiesFor(schema: Schema, schemas: NamedSchemas, byName: ByName = ANY): fc.Arbitrary<object> {
  const properties = Object.entries(propertiesOf(schema));
  const required = (schema.required ?? []) as string[]; // holds: by JSON Schema
  const spoilt = properties.map(([name, each]) =>
    doubtful(each, schemas).map((value): Change => [name, value]),
  );
  const unknown = fc.tuple(fc.constantFrom(...NAMES), anything);
  const leftOut = required.map((name) => fc.constant<Change>([name, undefined]));
  const changes = fc.array(fc.oneof(...spoilt, unknown, ...leftOut), { maxLength: 2 });
  return fc.tuple(sound(schema, schemas, byName), changes).map(([body, changed]) => {
    const fields = Object.entries({ ...(body as object), ...Object.fromEntries(changed) }); // holds: the schema is an object's
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  });
}

type Change = [string, unknown];

/** Values that the schema accepts. */
export function sound(schema: Schema, schemas: NamedSchemas, byName: ByName = ANY): fc.Arbitrary<unknown> {
  const { $ref, allOf, anyOf, type, enum: choices, format, pattern, items, minItems } = schema;
  if (Array.isArray(allOf)) return sound(onlyOne(allOf), schemas, byName);
  if (typeof $ref === 'string') return sound(named($ref, schemas), schemas, byName);
  if (Array.isArray(anyOf))
    return fc.oneof(...(anyOf as Schema[]).map((each) => sound(each, schemas, byName)));
  if (Array.isArray(type))
    return fc.oneof(...type.map((each: unknown) => sound({ ...schema, type: each }, schemas, byName)));
  if (type === 'null') return fc.constant(null);
  if (type === 'array')
    return fc.array(sound(items as Schema, schemas, byName), {
      minLength: Number(minItems ?? 0),
      maxLength: 3,
    }); // holds: every array of the document says what is in it
  if (type === 'object')
    return fc.record(
      Object.fromEntries(
        Object.entries(propertiesOf(schema)).map(([name, each]) => [
          name,
          byName(name, each) ?? sound(each, schemas, byName),
        ]),
      ),
      { requiredKeys: (schema.required ?? []) as string[] }, // holds: by JSON Schema
    );
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  if (format === 'edtf') return fc.constantFrom(...DATES.filter((date) => parseSaidAt(date) !== null));
  if (format === 'date-time') return fc.constantFrom('2099-01-01T00:00:00Z', '2099-01-01T00:00:00.5+02:00');
  if (pattern !== undefined && pattern !== String.raw`\S`)
    return fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  return fc.string({ maxLength: 12, unit: 'grapheme' }).map((text) => `a${text}`);
}

/** Values on which two judges may well disagree. */
function doubtful(schema: Schema, schemas: NamedSchemas): fc.Arbitrary<unknown> {
  const { $ref, allOf, anyOf, type, items, maxItems, maxLength } = schema;
  if (Array.isArray(allOf)) return doubtful(onlyOne(allOf), schemas);
  if (typeof $ref === 'string') return doubtful(named($ref, schemas), schemas);
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Schema[]).map((each) => doubtful(each, schemas)));
  const types = Array.isArray(type) ? (type as unknown[]) : [type];
  if (types.includes('object')) return fc.oneof(bodiesFor(schema, schemas), anything);
  if (types.includes('array'))
    return fc.oneof(...lists(items as Schema, Number(maxItems), schemas), anything); // holds: every array of the document says what is in it
  const most = Number(maxLength ?? 63);
  return fc.oneof(
    fc.constantFrom(...HARD),
    fc.constantFrom(...DATES),
    most > 20_000 ? anything : long(most),
    anything,
  );
}

function lists(items: Schema, most: number, schemas: NamedSchemas): fc.Arbitrary<unknown>[] {
  const mixed = fc.array(fc.oneof(sound(items, schemas), doubtful(items, schemas)), { maxLength: 3 });
  const full = fc
    .tuple(fc.integer({ min: most - 1, max: most + 1 }), sound(items, schemas))
    .map(([length, item]) => Array.from({ length }, () => item));
  return most > 500 ? [mixed] : [mixed, full];
}

function named(reference: string, schemas: NamedSchemas): Schema {
  return schemas[reference.split('/').at(-1) ?? ''] ?? {};
}

/** `allOf` stands in the document only where a reference is given a description. */
export function onlyOne(schemas: readonly unknown[]): Schema {
  if (schemas.length !== 1) throw new Error('More than one schema to be met at once.');
  return schemas[0] as Schema; // holds: by JSON Schema
}

function propertiesOf(schema: Schema): NamedSchemas {
  return (schema.properties ?? {}) as NamedSchemas; // holds: by JSON Schema
}
