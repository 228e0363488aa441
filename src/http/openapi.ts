import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { COMMON_SCHEMAS, type Schemas } from './answers.js';

export interface OpenApiParts {
  readonly version: string;
  /** What there is to know about it as a whole, in Markdown. */
  readonly notes: string;
  /** What the jobs answer. */
  readonly schemas: readonly Schemas[];
  /** Body classes that no route names: an import's lines. */
  readonly bodies: readonly (new () => object)[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The service's OpenAPI 3.1 document. Request bodies are checked by the schemas in it, so it cannot say anything else than what happens. */
export function describeApi(
  app: INestApplication,
  { version, notes, schemas, bodies }: OpenApiParts,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Standpoint')
    .setDescription(
      `Who said what, when, on whose behalf, about what, in which source; and where each party stands.\n\n${notes}`,
    )
    .setVersion(version)
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth()
    .addCookieAuth('standpoint')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('cookie')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [...bodies],
    operationIdFactory: (controller, method) => `${method}${controller.replace(/Controller$/, '')}`,
  });
  const strict = asOpenApi31(document as unknown as Json) as unknown as OpenAPIObject; // holds: only keywords of schemas are rewritten
  for (const schema of Object.values(strict.components?.schemas ?? {}))
    if ('properties' in schema) Object.assign(schema, { additionalProperties: false });
  Object.assign(strict.components?.schemas ?? {}, COMMON_SCHEMAS, ...schemas);
  return strict;
}

/** OpenAPI 3.0's `nullable`, which decorators write, as JSON Schema 2020-12 says it. */
function asOpenApi31(value: Json): Json {
  if (Array.isArray(value)) return value.map(asOpenApi31);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, asOpenApi31(each)]));
  if (nullable !== true) return inner;
  const { description, ...schema } = inner;
  const said = description === undefined ? {} : { description };
  return { ...said, anyOf: [schema, { type: 'null' }] };
}
