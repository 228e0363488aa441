import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiDocument, Schema } from '../support/http-contract.js';
import { Samples } from '../support/http-samples.js';
import { startService, type FreshService, type Service } from '../support/service.js';

/** What api.md promises and the service has so far. */
const PROMISED = [
  'POST /api/v1/dossiers',
  'GET /api/v1/dossiers',
  'GET /api/v1/dossiers/{dossier}',
  ...['parties', 'speakers', 'topics', 'sources'].flatMap((kind) => [
    `POST /api/v1/dossiers/{dossier}/${kind}`,
    `GET /api/v1/dossiers/{dossier}/${kind}`,
    `GET /api/v1/dossiers/{dossier}/${kind}/{id}`,
    `PATCH /api/v1/dossiers/{dossier}/${kind}/{id}`,
  ]),
  'POST /api/v1/dossiers/{dossier}/statements',
  'GET /api/v1/dossiers/{dossier}/statements',
  'GET /api/v1/dossiers/{dossier}/timeline',
  'POST /api/v1/dossiers/{dossier}/statements/batch',
  'POST /api/v1/dossiers/{dossier}/import',
  'GET /api/v1/dossiers/{dossier}/statements/{id}',
  'GET /api/v1/dossiers/{dossier}/statements/{id}/history',
  'GET /api/v1/dossiers/{dossier}/statements/{id}/replies',
  ...['statements', 'assessments'].flatMap((kind) =>
    ['correct', 'void', 'restore'].map((what) => `POST /api/v1/dossiers/{dossier}/${kind}/{id}/${what}`),
  ),
  'POST /api/v1/dossiers/{dossier}/assessments',
  'GET /api/v1/dossiers/{dossier}/assessments',
  'GET /api/v1/dossiers/{dossier}/assessments/{id}',
  'GET /api/v1/dossiers/{dossier}/positions',
  'GET /api/v1/dossiers/{dossier}/overview',
  'GET /api/v1/dossiers/{dossier}/positions/{party}/{topic}',
  'GET /api/v1/dossiers/{dossier}/positions/{party}/{topic}/history',
  'GET /api/v1/dossiers/{dossier}/positions/{party}/{topic}/audit',
  'GET /api/v1/dossiers/{dossier}/revisions',
  'GET /api/v1/dossiers/{dossier}/audit/recorders',
  'GET /api/v1/dossiers/{dossier}/audit/weak-positions',
  'GET /api/v1/dossiers/{dossier}/shifts',
  'GET /api/v1/dossiers/{dossier}/compare',
  'GET /api/v1/dossiers/{dossier}/events',
  'GET /api/v1/dossiers/{dossier}/events/stream',
  ...['checkpoint', 'key', 'proofs/{sequence}', 'consistency', 'tile/{path}'].map(
    (what) => `GET /api/v1/dossiers/{dossier}/ledger/${what}`,
  ),
  'GET /api/v1/acts',
  'GET /api/v1/admin/projections',
  'POST /api/v1/admin/projections/{name}/rebuild',
  'GET /api/v1/me',
  'GET /api/v1/dossiers/{dossier}/me',
  'POST /api/v1/users',
  'GET /api/v1/users',
  'GET /api/v1/users/{user}',
  'PUT /api/v1/users/{user}/role',
  'POST /api/v1/users/{user}/disable',
  'POST /api/v1/users/{user}/enable',
  'POST /api/v1/users/{user}/tokens',
  'GET /api/v1/users/{user}/tokens',
  'DELETE /api/v1/users/{user}/tokens/{token}',
  'GET /api/v1/dossiers/{dossier}/members',
  'PUT /api/v1/dossiers/{dossier}/members/{user}',
  'DELETE /api/v1/dossiers/{dossier}/members/{user}',
  'GET /api/v1/dossiers/{dossier}/visibility',
  'PUT /api/v1/dossiers/{dossier}/visibility',
  'GET /api/v1/dossiers/{dossier}/access/events',
  'GET /api/v1/admin/access/events',
  'POST /api/v1/session',
  'DELETE /api/v1/session',
  'POST /api/v1/session/links',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
];

let running: FreshService;
let service: Service;
let document: ApiDocument;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  document = service.contract.document;
});

afterAll(() => running?.end());

/** Every schema in the document, wherever it stands. */
function schemasIn(value: unknown, found: Schema[] = []): Schema[] {
  if (Array.isArray(value)) value.forEach((each) => schemasIn(each, found));
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'schema') found.push(inner as Schema); // holds: by OpenAPI
      schemasIn(inner, found);
    }
  return found;
}

describe('The OpenAPI document', () => {
  it('is of version 3.1, and says what every document must', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({
      title: expect.stringMatching(/./),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\//);
      for (const [method, operation] of Object.entries(methods)) {
        expect(['get', 'post', 'patch', 'put', 'delete']).toContain(method);
        expect(operation.operationId).toMatch(/^[a-z]\w+$/);
        for (const [status, { description }] of Object.entries(operation.responses)) {
          expect(status).toMatch(/^([1-5](\d\d|XX)|default)$/);
          expect(description).toMatch(/./);
        }
      }
    }
  });

  it('has no two operations of one name', () => {
    const names = service.contract.routes.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares exactly the parameters that stand in each path, and none twice', () => {
    for (const { path, operation } of service.contract.routes) {
      const declared = operation.parameters ?? [];
      const inPath = declared.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name).toSorted()).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted(),
      );
      expect(inPath.every(({ required }) => required === true)).toBe(true);
      const keys = declared.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('has schemas that compile, and refers to nothing that it does not have', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(typeof service.contract.faults(schema, undefined)).toBe('string');
      expect(name).toMatch(/^[A-Z]\w+$/);
    }
    for (const schema of schemasIn(document.paths))
      expect(() => service.contract.faults(schema, null)).not.toThrow();
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    );
    const missing = referred.filter(
      (each) => !Object.hasOwn(document.components.schemas, each.replace('#/components/schemas/', '')),
    );
    expect(missing).toEqual([]);
  });

  it('uses only formats that are known, and refuses unknown fields in every body', () => {
    const formats = [...JSON.stringify(document).matchAll(/"format":"([^"]+)"/g)].map(([, format]) => format);
    expect([...new Set(formats)].toSorted()).toEqual(['date-time', 'edtf', 'uuid']);
    const bodies = Object.entries(document.components.schemas).filter(
      ([, schema]) => schema.type === 'object' && 'properties' in schema,
    );
    expect(bodies.length).toBeGreaterThan(30);
    expect(
      bodies.filter(([, schema]) => schema.additionalProperties !== false).map(([name]) => name),
    ).toEqual([]);
  });

  it('has every route that the contract promises', () => {
    const routes = new Set(service.contract.routes.map(({ method, path }) => `${method} ${path}`));
    expect(PROMISED.filter((route) => !routes.has(route))).toEqual([]);
  });

  it('has every route that the service answers, and the service every route that it has', async () => {
    const samples = await Samples.prepare(service);
    const answers = await Promise.all(
      service.contract.routes
        .filter(({ path }) => !path.endsWith('/stream'))
        .map(async (route) => {
          const { status } = await service.request(route.method, samples.addressOf(route), {
            body: route.method === 'GET' ? undefined : {},
          });
          return { route: `${route.method} ${route.path}`, status };
        }),
    );
    expect(answers.filter(({ status }) => status === 404 || status >= 500)).toEqual([]);
  });

  it('asks for a token or a session everywhere but where anyone may ask', () => {
    const { security } = document as unknown as { security?: unknown }; // holds: any object may be read so
    expect(security).toEqual([{ bearer: [] }, { cookie: [] }]);
  });

  it('has a page for people', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html');
  });
});

describe('The catalogue of acts', () => {
  it('is answered with every act', async () => {
    const { items } = await service.read<{ items: { act: string }[] }>('/acts');
    const acts = document.components.schemas.Act?.enum;
    expect(items.map(({ act }) => act)).toEqual(acts);
    expect(items).toHaveLength(34);
  });
});

describe('Operating', () => {
  it('answers whether it lives, whether it is ready, and in numbers', async () => {
    expect(await service.read('/health/live')).toEqual({ status: 'live' });
    expect(await service.read('/health/ready')).toEqual({ status: 'ready', reasons: [] });
    expect(await service.read<string>('/metrics')).toContain(
      'standpoint_projection_lag_events{projection="positions"} 0',
    );
  });

  it('rebuilds a projection while it is read', async () => {
    const before = await service.read('/dossiers/samples/positions?at=2025-04-22');
    const started = await service.request('POST', '/admin/projections/positions/rebuild');
    expect(started.status).toBe(202);
    for (let round = 0; round < 20; round++)
      expect(await service.read('/dossiers/samples/positions?at=2025-04-22')).toEqual(before);
    let building: unknown = true;
    while (building !== null)
      ({ building } = (
        await service.read<{ items: { name: string; building: unknown }[] }>('/admin/projections')
      ).items.find(({ name }) => name === 'positions') ?? { building: null });
    expect(await service.read('/dossiers/samples/positions?at=2025-04-22')).toEqual(before);
  });
});
