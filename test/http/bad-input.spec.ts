import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { Route } from '../support/http-contract.js';
import { Faults, wrongParameters, type Fault } from '../support/http-faults.js';
import { Samples } from '../support/http-samples.js';
import { query } from '../support/queries.js';
import { startService, type Answer, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;
let samples: Samples;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  samples = await Samples.prepare(service);
});

afterAll(() => running?.end());

/** How much is stored: whatever is refused must leave it as it is. */
async function stored(): Promise<unknown> {
  return query(
    running.database.ownerUrl,
    `SELECT (SELECT count(*) FROM event) AS events, (SELECT sum(sequence) FROM dossier_head) AS heads,
            (SELECT count(*) FROM dossier_name) AS names, (SELECT count(*) FROM claim) AS claims,
            (SELECT count(*) FROM idempotency) AS keys`,
  );
}

const bodyOf = ({ operation }: Route): object | undefined =>
  operation.requestBody?.content['application/json']?.schema;

const named = ({ body }: Answer<Problem>): string[] => body.errors?.map(({ path }) => path) ?? [];

/** Asks for each in turn; answers with those that were not refused as they should have been. */
async function wronglyAnswered<Case>(
  cases: readonly Case[],
  ask: (each: Case) => Promise<Answer<Problem>>,
  refused: (each: Case, answer: Answer<Problem>) => boolean,
  what: (each: Case) => string,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const each of cases) {
    const answer = await ask(each);
    if (!refused(each, answer)) wrong.push(`${what(each)} → ${answer.status} ${answer.text.slice(0, 300)}`);
  }
  return wrong;
}

describe('Of every route that takes a body', () => {
  let before: unknown;

  beforeEach(async () => {
    before = await stored();
  });

  const withBody = (): Route[] => service.contract.routes.filter((route) => bodyOf(route) !== undefined);

  it('there is a sample with every field, so that nothing below is refused for another reason', () => {
    const unsampled = withBody().filter((route) => samples.bodyOf(route) === undefined);
    expect(unsampled.map(({ operation }) => operation.operationId)).toEqual([]);
    for (const route of withBody())
      expect(
        service.contract.faults(bodyOf(route) as Record<string, unknown>, samples.bodyOf(route)),
      ).toBeNull();
  });

  it('each field that is missing, unknown, null, of another type or beyond its bounds is named', async () => {
    const faults = new Faults(service.contract.document);
    const wrong: string[] = [];
    let asked = 0;
    for (const route of withBody()) {
      const cases = faults.of(bodyOf(route) as Record<string, unknown>, samples.bodyOf(route) ?? {});
      asked += cases.length;
      const missed = await wronglyAnswered(
        cases,
        ({ body }) => service.request(route.method, samples.addressOf(route), { body }),
        names,
        ({ what }) => `${route.operation.operationId}, ${what}`,
      );
      wrong.push(...missed);
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(500);
    expect(await stored()).toEqual(before);
  });

  it('all wrong fields are named at once', async () => {
    const faults = new Faults(service.contract.document);
    for (const route of withBody()) {
      const fault = faults.all(bodyOf(route) as Record<string, unknown>, samples.bodyOf(route) ?? {});
      const answer = await service.request<Problem>(route.method, samples.addressOf(route), {
        body: fault.body,
      });
      expect(answer.status).toBe(400);
      expect(named(answer)).toEqual(expect.arrayContaining([...fault.paths]));
    }
    expect(await stored()).toEqual(before);
  });

  it('a body that is no object, or none, is refused', async () => {
    const bodies = ['[]', 'null', '"text"', '7', undefined, '[{}]'];
    for (const route of withBody())
      for (const body of bodies) {
        const answer = await service.request<Problem>(route.method, samples.addressOf(route), {
          body,
          headers: { 'content-type': body === undefined ? undefined : 'application/json' },
        });
        expect({ ...answer.body, body }).toMatchObject({ status: 400, code: 'validation-failed', body });
      }
    expect(await stored()).toEqual(before);
  });

  function names({ paths }: Fault, answer: Answer<Problem>): boolean {
    return (
      answer.status === 400 &&
      answer.body.code === 'validation-failed' &&
      paths.every((path) => named(answer).includes(path))
    );
  }
});

describe('Of every route', () => {
  it('each parameter of the query that is wrong or unknown is named', async () => {
    const wrong: string[] = [];
    for (const route of service.contract.routes) {
      const parameters = route.operation.parameters?.filter((each) => each.in === 'query') ?? [];
      if (parameters.length === 0) continue;
      const cases = [
        ...parameters.flatMap((parameter) =>
          wrongParameters(parameter).map((text) => [parameter.name, text]),
        ),
        ...['nonsense', 'toString', 'constructor', '__proto__'].map((name) => [name, `${name}=1`]),
      ];
      const missed = await wronglyAnswered(
        cases,
        ([, text]) => ask(route, `?${text}`),
        ([name = ''], answer) => answer.status === 400 && named(answer).includes(name),
        ([, text]) => `${route.method} ${route.path}?${text?.slice(0, 60)}`,
      );
      wrong.push(...missed);
    }
    expect(wrong).toEqual([]);
  });

  it('several wrong parameters are named at once', async () => {
    const answer = await service.get<Problem>(
      '/dossiers/samples/statements?limit=0&act=Said&from=soon&known=x&include=all&nonsense=1',
    );
    expect(answer.status).toBe(400);
    expect(named(answer).toSorted()).toEqual(['act', 'from', 'include', 'known', 'limit', 'nonsense']);
  });

  it('an address of something that is not there is answered with 404', async () => {
    const unknown = [
      'nothing',
      '01964f3c-0000-7000-8000-000000000000',
      '%00',
      'UPPER',
      '..%2f',
      'x'.repeat(500),
    ];
    const wrong: string[] = [];
    for (const route of service.contract.routes)
      for (const name of [...route.path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each ?? '')) {
        const template = { ...route, path: route.path.replace(`{${name}}`, '{here}') };
        const missed = await wronglyAnswered(
          unknown,
          (value) => ask(template, '', samples.addressOf(template).replace('{here}', value)),
          (_, answer) => answer.status === 404 && answer.body.code === 'not-found',
          (value) => `${route.method} ${route.path} with ${name} ${value}`,
        );
        wrong.push(...missed);
      }
    expect(wrong).toEqual([]);
  });

  it('no token or a wrong one is answered with 401, except where anyone may ask', async () => {
    const tokens = [
      undefined,
      '',
      'Bearer',
      `Bearer ${service.token}x`,
      `Basic ${service.token}`,
      service.token,
    ];
    for (const route of service.contract.routes) {
      if (route.operation.security !== undefined) continue;
      for (const authorization of tokens) {
        const answer = await ask(route, '', samples.addressOf(route), { authorization });
        expect({ route: route.path, ...answer.body }).toMatchObject({ status: 401, code: 'unauthenticated' });
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
  });

  it('health and metrics are open to anyone, and so is what makes a session of a token', async () => {
    const open = service.contract.routes.filter(({ operation }) => operation.security !== undefined);
    const answers = await Promise.all(
      open.map(async (route) => {
        const { status } = await ask(route, '', route.path, { authorization: undefined });
        return `${route.method} ${route.path} ${status}`;
      }),
    );
    expect(answers.toSorted()).toEqual([
      'DELETE /api/v1/session 204',
      'GET /health/live 200',
      'GET /health/ready 200',
      'GET /metrics 200',
      'POST /api/v1/session 401',
    ]);
  });

  function ask(
    route: Route,
    search: string,
    address = samples.addressOf(route),
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer<Problem>> {
    const isImport = route.path.endsWith('/import');
    const type = isImport ? { 'content-type': 'application/x-ndjson' } : {};
    const body = isImport ? '' : samples.bodyOf(route);
    return service.request(route.method, address + search, { body, headers: { ...type, ...headers } });
  }
});
