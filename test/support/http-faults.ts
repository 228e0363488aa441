import { onlyOne } from './http-bodies.js';
import type { ApiDocument, Parameter, Schema } from './http-contract.js';

/** A body with something wrong in it, and the paths that the refusal must name. */
export interface Fault {
  readonly what: string;
  readonly body: unknown;
  readonly paths: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What a schema says of a value, references followed, apart from whether it may be null. */
interface Shape {
  readonly schema: Schema;
  readonly nullable: boolean;
}

/** A value that a field must refuse; `item`: the place in it that the refusal must name. */
interface WrongValue {
  readonly value: unknown;
  readonly what: string;
  readonly item?: string;
}

const SPOILT = Symbol('left out');

/** Makes faulty bodies of a good one, by what the document says of its fields. */
export class Faults {
  constructor(private readonly document: ApiDocument) {}

  /** Every way in which one field of the body can be wrong. */
  of(schema: Schema, body: object): Fault[] {
    return this.ofObject(schema, body as Fields, '');
  }

  /** The body with every field wrong at once. */
  all(schema: Schema, body: object): Fault {
    const fields = Object.entries(propertiesOf(this.shape(schema).schema));
    const wrong = fields.map(([name, field]) => [name, this.wrongTypes(this.shape(field).schema)[0]?.value]);
    return {
      what: 'everything at once',
      body: { ...body, ...Object.fromEntries(wrong), nonsense: 1 },
      paths: [...fields.map(([name]) => name), 'nonsense'],
    };
  }

  private ofObject(schema: Schema, body: Fields, parent: string): Fault[] {
    const { schema: shape } = this.shape(schema);
    const path = (name: string): string => (parent === '' ? name : `${parent}.${name}`);
    const spoil = (name: string, value: unknown, what: string): Fault => ({
      what: `${path(name)}: ${what}`,
      body: value === SPOILT ? without(body, name) : { ...body, [name]: value },
      paths: [path(name)],
    });
    const unknown = ['nonsense', 'toString', 'constructor'].map((name) => spoil(name, 1, 'is not known'));
    const missing = requiredOf(shape).map((name) => spoil(name, SPOILT, 'left out'));
    const wrong = Object.entries(propertiesOf(shape)).flatMap(([name, field]) => [
      ...this.wrongValues(field).map(({ value, what, item = '' }) => {
        const fault = spoil(name, value, what);
        return { ...fault, paths: fault.paths.map((each) => each + item) };
      }),
      ...this.within(field, body[name], path(name)).map((fault) => ({
        ...fault,
        body: { ...body, [name]: fault.body },
      })),
    ]);
    return [...unknown, ...missing, ...wrong];
  }

  /** Faults inside a field's own value: an object, or the objects of a list. */
  private within(field: Schema, value: unknown, path: string): Fault[] {
    const { schema } = this.shape(field);
    if (Array.isArray(value)) {
      const items = this.shape(itemsOf(schema)).schema;
      if (items.type !== 'object') return [];
      const last = value.length - 1;
      return this.ofObject(items, value[last] as Fields, `${path}.${last}`).map((fault) => ({
        ...fault,
        body: [...value.slice(0, last), fault.body],
      }));
    }
    return schema.type === 'object' && value !== undefined
      ? this.ofObject(schema, value as Fields, path)
      : [];
  }

  private wrongValues(field: Schema): WrongValue[] {
    const { schema, nullable } = this.shape(field);
    const none = nullable ? [] : [{ value: null, what: 'null' }];
    return [...none, ...this.wrongTypes(schema), ...wrongTexts(schema), ...this.wrongLists(schema)];
  }

  private wrongTypes({ type }: Schema): { value: unknown; what: string }[] {
    const values: readonly unknown[] = [7, true, 'text', { a: 1 }, ['text']];
    return values
      .filter((value) => !isOf(value, type))
      .map((value) => ({ value, what: `${JSON.stringify(value)}, not ${String(type)}` }));
  }

  private wrongLists(schema: Schema): WrongValue[] {
    if (schema.type !== 'array') return [];
    const items = this.shape(itemsOf(schema)).schema;
    const good = items.type === 'object' ? {} : 'text';
    const items7 = { value: [7], what: 'a number in the list', item: '.0' };
    const many = { value: Array.from({ length: Number(schema.maxItems) + 1 }, () => good), what: 'too many' };
    const few = Number(schema.minItems) > 0 ? [{ value: [], what: 'too few' }] : [];
    const blank =
      items.type === 'string' ? [{ value: ['good', '  '], what: 'a blank in the list', item: '.1' }] : [];
    return [items7, many, ...few, ...blank];
  }

  private shape(schema: Schema): Shape {
    const { $ref, allOf, anyOf, type } = schema;
    if (Array.isArray(allOf)) return this.shape(onlyOne(allOf));
    if (typeof $ref === 'string')
      return this.shape(this.document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
    if (Array.isArray(anyOf)) {
      const [first, ...others] = (anyOf as Schema[]).filter((each) => each.type !== 'null');
      if (first === undefined || others.length > 0) throw new Error('More than a nullable schema.');
      return { schema: this.shape(first).schema, nullable: true };
    }
    if (!Array.isArray(type)) return { schema, nullable: false };
    return { schema: { ...schema, type: type.find((each) => each !== 'null') as unknown }, nullable: true };
  }
}

/** Values that a parameter of a query must refuse, by what the document says of it and by its name. */
export function wrongParameters({ name, schema = {} }: Parameter): string[] {
  const { type, enum: choices, maxLength, maximum, minimum } = schema;
  const twice = (value: string): string => `${name}=${value}&${name}=${value}`;
  if (type === 'integer')
    return ['x', '', '1.5', '1e1', ' 1', `${Number(minimum) - 1}`, `${Number(maximum)}9`]
      .map(one)
      .concat(twice('1'));
  if (choices !== undefined) return [one('nonsense'), one(''), twice(String((choices as unknown[])[0]))];
  const instants = [
    'yesterday',
    '',
    '2025-02-30',
    '2025-04-22T00:00',
    '0000-01-01',
    '9999-12-31T23:59:59-14:00',
  ];
  if (type === 'array') return [...instants.map(one), `${twice('2025-04-22')}&${name}=2025-04-23`];
  if (['at', 'known', 'from', 'to'].includes(name)) return [...instants.map(one), twice('2025-04-22')];
  if (name === 'cursor') return [...CURSORS.map(one), twice('x'), one('x'.repeat(Number(maxLength) + 1))];
  return [one('x'.repeat(Number(maxLength) + 1)), twice('x')];

  function one(value: string): string {
    return `${name}=${encodeURIComponent(value)}`;
  }
}

/** Cursors that no list gave, some of them well-formed. */
const CURSORS = [
  'nonsense',
  '[]',
  ...[
    [],
    [1],
    ['a', 'b'],
    [1e300, 1],
    [281_474_976_710_655, 1],
    [-281_474_976_710_655, 1],
    [0.5, 1],
    {},
    null,
  ].map((key) => Buffer.from(JSON.stringify(key)).toString('base64url')),
];

function wrongTexts(schema: Schema): { value: unknown; what: string }[] {
  const { type, format, enum: choices, pattern, maxLength } = schema;
  if (type !== 'string') return [];
  const texts: string[] = [];
  if (format === 'edtf')
    texts.push('yesterday', '2025-13-01', '2025-02-30', '', '../..', '10000-01-01', '2025-04-21/2025-04-20');
  if (format === 'date-time')
    texts.push('tomorrow', '', '2099-01-01', '2099-02-30T00:00:00Z', '2099-01-01T00:00');
  if (choices !== undefined) texts.push('nonsense', '', 'toString');
  if (pattern === String.raw`\S`) texts.push('', ' \n\u{2003}');
  else if (pattern !== undefined) texts.push('', '-a', 'A', 'a_b', 'a'.repeat(64), 'a b', 'a\n');
  if (maxLength !== undefined) texts.push('x'.repeat(Number(maxLength) + 1));
  return texts.map((value) => ({ value, what: JSON.stringify(value.slice(0, 40)) }));
}

function isOf(value: unknown, type: unknown): boolean {
  if (Array.isArray(value)) return type === 'array';
  return typeof value === type;
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return schema.properties as Readonly<Record<string, Schema>>; // holds: only object schemas are asked
}

function requiredOf(schema: Schema): readonly string[] {
  return (schema.required ?? []) as readonly string[]; // holds: by JSON Schema
}

function itemsOf(schema: Schema): Schema {
  return schema.items as Schema; // holds: only array schemas are asked
}

function without(body: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(body).filter(([each]) => each !== name));
}
