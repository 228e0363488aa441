import { Injectable } from '@nestjs/common';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { inOneLine, Rejection, told, type FieldError, type Finding } from '../domain/rejection.js';
import { parseSaidAt } from '../domain/said-at.js';
import { within } from './field-path.js';
import { LONGEST_LIST } from './fields.js';
import { MUST_BE_OBJECT, nameItems } from './list-items.js';
import { isInstantText } from './queries.js';
import { isSuspect, unstorable } from './unstorable.js';

/** A request body's class: decorated with http/fields, and with a check of its own where one field cannot tell. */
export interface BodyType<T extends object> {
  new (): T;
  readonly crossCheck?: (body: object) => FieldError[];
}

/** A body that is not of its class. What else is wrong with it, only who knows the dossier can tell. */
export class Malformed extends Rejection {
  /** Of the fields that are bad; empty where all of it is. */
  readonly paths: ReadonlySet<string>;

  constructor(
    code: 'validation-failed' | 'unstorable-value',
    errors: readonly FieldError[],
    readonly type: BodyType<object>,
    readonly body: unknown,
  ) {
    super(code, inOneLine(errors), errors);
    this.paths = new Set(errors.map(({ path }) => path));
  }

  /** The refusal that also tells what else was found. */
  and(found: readonly Finding[]): Rejection {
    const all = [...this.errors, ...found.map(told)];
    return new Rejection(this.code, inOneLine(all), all);
  }
}

/** As much of an OpenAPI document as the checker reads. */
interface SchemaDocument {
  readonly components?: { readonly schemas?: Record<string, object> };
}

const DOCUMENT = 'openapi';

/** Most faults of a body that are told: to explain two hundred thousand takes minutes. */
const MOST_EXPLAINED = 10_000;

/**
 * Accepts bodies by the published schema, compiled, which is several times faster than class-validator; asks class-validator only to
 * explain a refusal.
 */
@Injectable()
export class BodyChecker {
  private readonly ajv = new Ajv2020({ allErrors: true, strict: false });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor() {
    this.ajv.addFormat('date-time', isInstantText);
    this.ajv.addFormat('edtf', (text: string) => parseSaidAt(text) !== null);
  }

  /** Takes the schemas of the service's own OpenAPI document; called once, before the first request. */
  use(document: SchemaDocument): void {
    this.ajv.addSchema(document, DOCUMENT);
  }

  /** The body as its class, or Malformed, which names every field that is bad in itself. */
  check<T extends object>(type: BodyType<T>, body: unknown): T {
    const errors = this.errors(type, body);
    const faults = typeof body === 'object' && body !== null && isSuspect(body) ? unstorable(body) : [];
    if (faults.length > 0) throw new Malformed('unstorable-value', [...faults, ...errors], type, body);
    if (errors.length > 0) throw new Malformed('validation-failed', errors, type, body);
    return body as T; // holds: the schema of that class has just accepted it
  }

  private errors<T extends object>(type: BodyType<T>, body: unknown): FieldError[] {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return [{ path: '', message: 'must be a JSON object' }];
    const accepts = this.validator(type.name);
    const looked = cutLists(body);
    const crossed = type.crossCheck?.(looked) ?? [];
    if (accepts(looked)) return crossed;
    const found = accepts.errors ?? [];
    if (found.length > MOST_EXPLAINED) return cutErrors(found);
    const explained = nameItems(explain(type, looked), found);
    return [...(explained.length > 0 ? explained : found.map(bySchema)), ...crossed];
  }

  private validator(name: string): ValidateFunction {
    const known = this.compiled.get(name);
    if (known !== undefined) return known;
    const validator = this.ajv.compile({ $ref: `${DOCUMENT}#/components/schemas/${name}` });
    this.compiled.set(name, validator);
    return validator;
  }
}

/** Of a list that is too long in any case, as much as tells what else is wrong with it: to look at all may take minutes. */
function cutLists(body: object): object {
  const fields = Object.entries(body);
  if (!fields.some(([, value]) => Array.isArray(value) && value.length > LONGEST_LIST)) return body;
  return Object.fromEntries(
    fields.map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value) ? value.slice(0, LONGEST_LIST + 1) : value,
    ]),
  );
}

/** Every bad field of a body in class-validator's words, unknown fields included. */
export function explain<T extends object>(type: BodyType<T>, body: object): FieldError[] {
  const instance = plainToInstance(type, body);
  const found = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true }).flatMap((error) =>
    flatten(error, ''),
  );
  return [...found, ...passedOver(body, '')];
}

/** Fields named like members of every object (`constructor`, `toString`): no body has one, and class-transformer drops them unsaid. */
function passedOver(value: unknown, parent: string): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = within(parent, name);
    const own = name in Object.prototype ? [{ path, message: 'is not a known field' }] : [];
    return [...own, ...passedOver(inner, path)];
  });
}

function flatten(
  { property, value, constraints = {}, children = [] }: ValidationError,
  parent: string,
): FieldError[] {
  const path = within(parent, property);
  const messages = messagesOf(constraints, value);
  const own = messages.length === 0 ? [] : [{ path, message: [...new Set(messages)].join('; ') }];
  const inner = 'isArray' in constraints ? [] : children;
  return [...own, ...inner.flatMap((child) => flatten(child, path))];
}

/** class-validator's own words are for those who declare classes. */
const IN_OUR_WORDS: Readonly<Record<string, string>> = {
  whitelistValidation: 'is not a known field',
  nestedValidation: MUST_BE_OBJECT,
};

/** Where these fail there is nothing for others to look at. Those of a list may speak of its items. */
const FIRST = new Set(['isArray', 'isString', 'plainObject']);

function messagesOf(constraints: Readonly<Record<string, string>>, value: unknown): string[] {
  const failed = Object.entries(constraints);
  const first = Array.isArray(value) ? undefined : failed.find(([name]) => FIRST.has(name));
  return (first === undefined ? failed : [first]).map(([name, message]) => IN_OUR_WORDS[name] ?? message);
}

/** What is wrong in the schema's words, which cost nothing more. */
function cutErrors(found: readonly ErrorObject[]): FieldError[] {
  const more = { path: '', message: `and ${found.length - MOST_EXPLAINED} more faults` };
  return [...found.slice(0, MOST_EXPLAINED).map(bySchema), more];
}

function bySchema({ instancePath, message, params }: ErrorObject): FieldError {
  const parent = instancePath.slice(1).replaceAll('/', '.');
  if ('missingProperty' in params)
    return { path: within(parent, String(params.missingProperty)), message: 'is missing' };
  if ('additionalProperty' in params)
    return { path: within(parent, String(params.additionalProperty)), message: 'is not a known field' };
  return { path: parent, message: message ?? 'is not valid' };
}
