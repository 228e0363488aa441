import { Injectable } from '@nestjs/common';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { Rejection, type FieldError } from '../domain/rejection.js';
import { parseSaidAt } from '../domain/said-at.js';
import { within } from './field-path.js';
import { LONGEST_LIST } from './fields.js';
import { nameItems } from './list-items.js';
import { isInstantText } from './queries.js';
import { isSuspect, unstorable } from './unstorable.js';

/** A request body's class: decorated with http/fields, and with a check of its own where one field cannot tell. */
export interface BodyType<T extends object> {
  new (): T;
  readonly crossCheck?: (body: object) => FieldError[];
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

  /** The body as its class, or a Rejection that names every bad field. */
  check<T extends object>(type: BodyType<T>, body: unknown): T {
    const errors = this.errors(type, body);
    const faults = typeof body === 'object' && body !== null && isSuspect(body) ? unstorable(body) : [];
    if (faults.length > 0)
      throw new Rejection('unstorable-value', describe([...faults, ...errors]), [...faults, ...errors]);
    if (errors.length > 0) throw new Rejection('validation-failed', describe(errors), errors);
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
  { property, constraints = {}, children = [] }: ValidationError,
  parent: string,
): FieldError[] {
  const path = within(parent, property);
  const messages = Object.entries(constraints).map(([name, message]) =>
    name === 'whitelistValidation' ? 'is not a known field' : message,
  );
  const own = messages.length === 0 ? [] : [{ path, message: [...new Set(messages)].join('; ') }];
  return [...own, ...children.flatMap((child) => flatten(child, path))];
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

export function describe(errors: readonly FieldError[]): string {
  const shown = errors
    .slice(0, 10)
    .map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  return errors.length > shown.length
    ? `${shown.join('; ')}; and ${errors.length - shown.length} more`
    : shown.join('; ');
}
