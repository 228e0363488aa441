import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { PROBLEM_CODES } from './problem.js';

/** A schema of the OpenAPI document, in JSON Schema's terms. */
export type Schema = Readonly<Record<string, unknown>>;

/** Schemas by the names under which the document holds them. */
export type Schemas = Readonly<Record<string, Schema>>;

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const nullable = (schema: Schema): Schema =>
  '$ref' in schema ? { anyOf: [schema, { type: 'null' }] } : { ...schema, type: [schema.type, 'null'] };
export const oneOf = (values: readonly string[]): Schema => ({ type: 'string', enum: [...values] });

export const TEXT: Schema = { type: 'string' };
export const COUNT: Schema = { type: 'integer', minimum: 0 };
export const SEQUENCE: Schema = { type: 'integer', minimum: 0, description: 'Place in the dossier’s log.' };
export const ID: Schema = { type: 'string', format: 'uuid' };
export const INSTANT: Schema = { type: 'string', format: 'date-time' };
export const EDTF: Schema = { type: 'string', format: 'edtf' };
export const FLAG: Schema = { type: 'boolean' };

/** An object that always has all of these and nothing else, but for those named optional. */
export function record(
  properties: Schemas,
  { optional = [] }: { readonly optional?: readonly string[] } = {},
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A list's page. */
export const pageSchema = (items: Schema): Schema => record({ items: listOf(items), next: nullable(TEXT) });

/** By which event content was erased, and why. */
const REDACTION: Schemas = {
  sequence: SEQUENCE,
  recordedAt: INSTANT,
  recordedBy: TEXT,
  reason: TEXT,
  basis: nullable(TEXT),
};

/** What every document holds, whatever its routes. */
export const COMMON_SCHEMAS: Schemas = {
  Named: record({ id: ID, slug: nullable(TEXT), name: TEXT }),
  NamedSource: record({ id: ID, slug: nullable(TEXT), title: TEXT }),
  Known: record({ sequence: SEQUENCE, recordedAt: nullable(INSTANT) }),
  FieldError: record(
    { path: TEXT, message: TEXT, candidates: listOf(ref('Named')) },
    { optional: ['candidates'] },
  ),
  Problem: record(
    {
      type: TEXT,
      title: TEXT,
      status: COUNT,
      detail: TEXT,
      code: oneOf(PROBLEM_CODES),
      errors: listOf(ref('FieldError')),
      redacted: ref('Redacted'),
    },
    { optional: ['errors', 'redacted'] },
  ),
  Redaction: record(REDACTION),
  Redacted: record({ id: ID, version: COUNT, ...REDACTION }),
};

/** Documents what a route is for and what it answers (null: no content); anything else it answers as a problem. */
export function Answers(
  status: number,
  schema: Schema | null,
  summary: string,
  type = 'application/json',
): MethodDecorator {
  const problem = { 'application/problem+json': { schema: ref('Problem') } };
  return applyDecorators(
    ApiOperation({ summary }),
    ApiResponse({ status, description: 'Done.', ...(schema && { content: { [type]: { schema } } }) }),
    ApiResponse({ status: '4XX', description: 'The request is refused (RFC 9457).', content: problem }),
    ApiResponse({
      status: '5XX',
      description: 'The service cannot answer now (RFC 9457).',
      content: problem,
    }),
  );
}
