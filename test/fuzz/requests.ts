import fc from 'fast-check';
import { bodiesFor, sound, type ByName } from '../support/http-bodies.js';
import type { ApiDocument, Parameter, Route, Schema } from '../support/http-contract.js';
import { wrongParameters } from '../support/http-faults.js';
import { spoilTexts, type Spoil } from './bytes.js';
import type { Memory } from './memory.js';

/** Parts of addresses that are no things: sequences, and tiles of a short log. */
const PLACES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  sequence: fc.integer({ min: 1, max: 40 }).map(String),
  path: fc
    .tuple(fc.constantFrom('0', 'entries'), fc.integer({ min: 1, max: 20 }))
    .map(([level, width]) => `${level}/000.p/${width}`),
};

/** A request before its mentions are looked up. Parts of an address and of a query are encoded only then. */
export interface Plan {
  readonly path: Readonly<Record<string, unknown>>;
  /** Written out (`limit=x`), or a name and a value. */
  readonly query: readonly (string | readonly [string, unknown])[];
  readonly headers: Readonly<Record<string, unknown>>;
  /** An object, the lines of a stream, or undefined where the operation takes none. */
  readonly body: unknown;
  readonly type: string | undefined;
  readonly spoil: Spoil | null;
}

/** Parts of an address that name nothing, or that are not even text. */
const STRANGE = [
  '%00',
  '%ff',
  '%zz',
  '..',
  '%2e%2e%2f',
  '%252e',
  '%c0%ae',
  'x'.repeat(500),
  'x'.repeat(900),
  "' OR 1=1 --",
  'UPPER',
  '%EF%BB%BF',
  '-1',
  ';a=b',
];

const STRANGE_TYPES = ['text/plain', 'application/json; charset=utf-16', 'application/xml', 'nonsense'];
const STRANGE_HEADERS = ['', ' ', '"', 'W/"1"', '"1", "2"', '"x"', '*, "1"', '-1', 'x'.repeat(2_000), 'ü'];

/** What the lines of a stream may be, by the names of their schemas. A line of another kind than these would be a wish of the document's. */
const LINE_KINDS: Readonly<Record<string, string>> = {
  NewStatement: 'statement',
  PartyInput: 'party',
  SpeakerInput: 'speaker',
  TopicInput: 'topic',
  SourceInput: 'source',
};

/** Requests of every operation of a document: mostly sound, each of the others wrong in one or several places. */
export class Requests {
  private readonly examples = new Map<string, unknown[]>();

  constructor(
    private readonly document: ApiDocument,
    private readonly memory: Memory,
  ) {
    for (const parameter of Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ parameters = [] }) => parameters)) {
      const { example } = parameter.schema ?? {};
      const known = this.examples.get(parameter.name) ?? [];
      if (example !== undefined && !known.includes(example))
        this.examples.set(parameter.name, [...known, example]);
    }
  }

  of({ path, operation }: Route): fc.Arbitrary<Plan> {
    const declared = operation.parameters ?? [];
    const [inPath, inQuery, inHeader] = (['path', 'query', 'header'] as const).map((place) =>
      declared.filter((parameter) => parameter.in === place),
    );
    const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    return fc.record({
      path: fc.record(Object.fromEntries((inPath ?? []).map(({ name }) => [name, this.segment(path, name)]))),
      query: fc
        .tuple(...(inQuery ?? []).map((parameter) => this.search(parameter)), rarely(UNKNOWN, []))
        .map((parts) => parts.flat(1)),
      headers: fc.record(
        Object.fromEntries((inHeader ?? []).map((parameter) => [parameter.name, this.header(parameter)])),
      ),
      body: type === undefined ? fc.constant(undefined) : this.body(type, media?.schema ?? {}),
      type: rarely<string | undefined>(fc.constantFrom(...STRANGE_TYPES), type),
      spoil: fc.oneof(
        { weight: 9, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: spoilTexts as fc.Arbitrary<Spoil | null> }, // holds: it never gives null
      ),
    });
  }

  private segment(path: string, name: string): fc.Arbitrary<unknown> {
    const [, before] = new RegExp(String.raw`/(\w+)/\{${name}\}`).exec(path) ?? [];
    const list = this.memory.listOf(name) ?? before ?? null;
    // Nearly all is in the first dossier, so that what is mentioned is there.
    const first = fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat() });
    const number = list === 'dossiers' ? first : fc.nat();
    const there = number.map((each) => this.memory.mention(list, each));
    return fc.oneof(
      { weight: 12, arbitrary: PLACES[name] ?? there },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(...STRANGE) },
    );
  }

  private search(parameter: Parameter): fc.Arbitrary<Plan['query']> {
    const { name, schema = {} } = parameter;
    const value = this.value(name, schema.type === 'array' ? (schema.items as Schema) : schema); // holds: an array says what is in it
    const one = value.map((each): Plan['query'] => [[name, each]]);
    const two = fc.tuple(value, value).map((both): Plan['query'] => both.map((each) => [name, each]));
    const wrong = fc.constantFrom(...wrongParameters(parameter)).map((each): Plan['query'] => [each]);
    return fc.oneof(
      { weight: parameter.required ? 0 : 10, arbitrary: fc.constant<Plan['query']>([]) },
      { weight: 4, arbitrary: schema.type === 'array' ? two : one },
      { weight: 1, arbitrary: wrong },
    );
  }

  private header({ name, schema = {} }: Parameter): fc.Arbitrary<unknown> {
    const examples = this.examples.get(name) ?? [];
    const numbers = fc
      .integer({ min: 0, max: 30 })
      .map((each) => String(examples[0]).replace(/\d+/, String(each)));
    const some = examples.length > 0 ? numbers : fc.integer({ min: 0, max: 300 }).map(String);
    const free = sound(schema, this.document.components.schemas).map((each) =>
      encodeURIComponent(String(each)),
    );
    return fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: some },
      { weight: 2, arbitrary: free },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(...STRANGE_HEADERS) },
    );
  }

  /** A value of a parameter. */
  private value(name: string, schema: Schema): fc.Arbitrary<unknown> {
    const { type, minimum, enum: choices } = schema;
    const list = name === 'cursor' ? 'cursors' : this.memory.listOf(name);
    if (list !== undefined) return fc.nat().map((each) => this.memory.mention(list, each));
    const examples = this.examples.get(name);
    if (examples !== undefined) return fc.constantFrom(...examples);
    if (type === 'integer') return fc.nat({ max: 60 }).map((each) => Number(minimum ?? 0) + each);
    if (choices !== undefined) return fc.constantFrom(...(choices as unknown[])); // holds: by JSON Schema
    return sound(schema, this.document.components.schemas);
  }

  private body(type: string, schema: Schema): fc.Arbitrary<unknown> {
    return type === 'application/json' ? this.object(schema) : fc.array(this.line(), { maxLength: 4 });
  }

  private object(schema: Schema): fc.Arbitrary<unknown> {
    const { schemas } = this.document.components;
    const shape = named(schema, this.document);
    return fc.oneof(
      { weight: 2, arbitrary: sound(withEveryField(shape), schemas, this.byName) },
      { weight: 1, arbitrary: sound(shape, schemas, this.byName) },
      { weight: 2, arbitrary: bodiesFor(shape, schemas, this.byName) },
    );
  }

  private line(): fc.Arbitrary<unknown> {
    const lines = Object.entries(LINE_KINDS).map(
      ([name, kind]) =>
        this.object({ $ref: `#/components/schemas/${name}` }).map((body) => ({ ...(body as object), kind })), // holds: each is an object's schema
    );
    return fc.oneof(...lines);
  }

  /** Fields that refer to something bear its name; a line of text may be anything's name, too. */
  private readonly byName: ByName = (name, schema) => {
    const list = this.memory.listOf(name);
    const mention = (of: string | null): fc.Arbitrary<unknown> =>
      fc.nat().map((each) => this.memory.mention(of, each));
    const plain = shapeOf(schema);
    if (plain.type === 'array' && list !== undefined && shapeOf(plain.items as Schema).type === 'string')
      // holds: an array says what is in it
      return fc.uniqueArray(mention(list), { minLength: 1, maxLength: 3 });
    if (plain.type !== 'string' || plain.enum !== undefined || plain.format !== undefined) return undefined;
    if (list !== undefined) return mention(list);
    if (plain.pattern !== String.raw`\S`) return undefined;
    const free = sound(plain, this.document.components.schemas);
    return fc.oneof({ weight: 9, arbitrary: free }, { weight: 1, arbitrary: mention(null) });
  };
}

const UNKNOWN = fc.constantFrom<Plan['query']>(['nonsense=1'], ['__proto__=1'], ['=&=&%'], ['limit[]=1']);

function rarely<T>(strange: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 24, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: strange });
}

function named(schema: Schema, { components }: ApiDocument): Schema {
  const { $ref } = schema;
  return typeof $ref === 'string' ? (components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
}

/** Where one field may take the place of another, leaving out any that may be left out leaves out both too often. */
function withEveryField(schema: Schema): Schema {
  return { ...schema, required: Object.keys(schema.properties ?? {}) };
}

/** What a property is when it is not null. */
function shapeOf(schema: Schema): Schema {
  const { anyOf, type } = schema;
  if (Array.isArray(type)) return { ...schema, type: type.find((each) => each !== 'null') as unknown };
  return Array.isArray(anyOf)
    ? ((anyOf as Schema[]).find((each) => each.type !== 'null') ?? schema) // holds: by JSON Schema
    : schema;
}
