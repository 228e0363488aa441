import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseSaidAt } from '../../src/domain/said-at.js';

export type Schema = Readonly<Record<string, unknown>>;

export interface MediaTypes {
  readonly [type: string]: { readonly schema?: Schema };
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: MediaTypes };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: MediaTypes }>
  >;
  readonly security?: readonly object[];
}

/** As much of an OpenAPI 3.1 document as the tests read. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One method of one path, as the document names it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** What is looked at of an answer. */
export interface Seen {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const OF_THE_INSIDE = /\bat .*\.(?:js|ts):\d+|node_modules|\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|SQLSTATE/;

/** Holds answers against the service's own OpenAPI document. */
export class Contract {
  readonly routes: readonly Route[];
  private readonly ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(readonly document: ApiDocument) {
    this.ajv.addFormat('uuid', UUID);
    this.ajv.addFormat('date-time', INSTANT);
    this.ajv.addFormat('edtf', (text: string) => parseSaidAt(text) !== null);
    this.ajv.addVocabulary(['example', 'discriminator']);
    this.ajv.addSchema(absolute({ $id: 'api', $defs: document.components.schemas }), 'api');
    this.routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    );
  }

  /** The route that a request takes; undefined where the document has none. */
  routeOf(method: string, path: string): Route | undefined {
    const pathname = path.replace(/[?#].*$/, '');
    return this.routes
      .filter((route) => route.method === method && patternOf(route.path).test(pathname))
      .toSorted((one, other) => variables(one.path) - variables(other.path))[0];
  }

  /** Throws unless the document says that the route may answer so. An address without a route may answer with a problem only. */
  hold(method: string, path: string, seen: Seen): void {
    const complain = (what: string): never => {
      throw new Error(
        `${method} ${path} answered ${seen.status} ${seen.type}: ${what}\n${seen.text.slice(0, 2_000)}`,
      );
    };
    if (seen.status >= 400 && OF_THE_INSIDE.test(seen.text)) complain('tells of the inside');
    const route = this.routeOf(method, path);
    if (seen.status === 204 && seen.text === '' && route?.operation.responses[204] !== undefined) return;
    const content = this.contentOf(route, seen.status);
    if (content === undefined) return complain('the document has no such answer');
    const [type, media] = Object.entries(content).find(([name]) => seen.type.split(';')[0] === name) ?? [];
    if (type === undefined || media?.schema === undefined)
      return complain(`the document says ${Object.keys(content).join(' or ')}`);
    for (const value of valuesOf(type, seen.text)) {
      const errors = this.faults(media.schema, value);
      if (errors !== null) complain(errors);
    }
    if (seen.status >= 400) this.holdProblem(seen, complain);
  }

  /** What is wrong with a value by one of the document's schemas; null if nothing is. */
  faults(schema: Schema, value: unknown): string | null {
    const key = JSON.stringify(schema);
    const validate = this.compiled.get(key) ?? this.ajv.compile(absolute(schema));
    this.compiled.set(key, validate);
    return validate(value) ? null : this.ajv.errorsText(validate.errors, { separator: '\n' });
  }

  private contentOf(route: Route | undefined, status: number): MediaTypes | undefined {
    const problem: MediaTypes = {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    };
    if (route === undefined) return status >= 400 ? problem : undefined;
    const { responses } = route.operation;
    return (responses[status] ?? responses[`${Math.floor(status / 100)}XX`])?.content;
  }

  private holdProblem({ status, text }: Seen, complain: (what: string) => never): void {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null && 'status' in problem && problem.status !== status)
      complain('status differs from that of the answer');
  }
}

function valuesOf(type: string, text: string): unknown[] {
  if (type === 'application/x-ndjson')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  return [type.endsWith('json') ? JSON.parse(text) : text];
}

function absolute(schema: Schema): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"api#/$defs/')) as object; // holds: a schema is an object
}

/** `{path}` is the rest of an address, slashes included, which OpenAPI has no word for. */
function patternOf(path: string): RegExp {
  const pattern = path
    .replaceAll('.', String.raw`\.`)
    .replaceAll('{path}', '.+')
    .replaceAll(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`);
}

function variables(path: string): number {
  return path.split('{').length;
}
