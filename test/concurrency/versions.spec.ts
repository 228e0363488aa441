import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, CrashClient } from '../support/crash-client.js';
import { readLog } from '../support/crash-check.js';
import type { Route } from '../support/http-contract.js';
import { openRiver, saying } from '../support/http-cast.js';
import { Samples } from '../support/http-samples.js';
import { Processes } from './processes.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - dossiers/expected-version, `requireVersion`: returning at once: several win;
 * - ledger/expectations: expecting no version of the stream: several win, or a 500 by the unique constraint;
 * - dossiers/write, `attempt`: leaving out `idempotency`: a repeated winner is told that it lost;
 * - dossiers/write, `write`: not asking for the earlier answer where a decision is refused: some are told that nothing changes;
 * - recording/redaction/redact, `textsIn`: without `data === null`: a 500 for whom another's order overtakes;
 * - migrations/1764000000015-unconditional-appends, `append_events_if`: without the `claim-taken` part: a 500 instead of a conflict.
 */
const WRITERS = 64;

let processes: Processes;
let client: CrashClient;

beforeAll(async () => {
  processes = await Processes.begin(3);
  client = processes.everyone();
});
afterAll(() => processes?.end());

const DOSSIER = '/api/v1/dossiers/river';

const everyone = Array.from({ length: WRITERS }, (_, writer) => writer);

/** What became of a write; throws if the connection broke. */
async function write(
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await client.send(method, path, { body, headers });
  if (answer === null) throw new Error(`${method} ${path} was not answered`);
  return answer;
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code?: string }).code ?? 'carried out'; // holds: every answer is an object

/** How many there were of each code. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const codes = answers.map(codeOf);
  return Object.fromEntries(codes.map((code) => [code, codes.filter((each) => each === code).length]));
}

const headOf = async (dossier: string): Promise<number> =>
  (await client.read<{ sequence: number }>(`/api/v1/dossiers/${dossier}`)).sequence;

interface Versioned {
  readonly id: string;
  readonly version: number;
  readonly sequence: number;
}

const receiptOf = ({ text }: Answer): Versioned => JSON.parse(text) as Versioned; // holds: every write of a record or thing answers so

describe('64 writers at three processes who all expect the same version', () => {
  it('have exactly one winner on every route that takes If-Match, and all are told the same again', async () => {
    const samples = await Samples.prepare(processes.service(0));
    const routes = processes
      .service(0)
      .contract.routes.filter(({ operation }) =>
        operation.parameters?.some(({ name }) => name === 'If-Match'),
      );
    expect(routes.length).toBeGreaterThanOrEqual(10);
    for (const route of routes) {
      const address = samples.addressOf(route);
      const lost = address.endsWith('/redact') ? 'redacted' : 'precondition-failed'; // what is gone has no version to differ from
      const thing = address.replace(/\/(correct|void|restore|redact)$/, '');
      const { version } = await client.read<Versioned>(`/api/v1${thing}`.replace('/api/v1/api', '/api'));
      const before = await headOf(samples.dossier);
      const ask = (): Promise<Answer[]> => contest(route, address, samples.bodyOf(route), version);
      const first = await ask();
      const [winner, ...others] = first.filter(({ status }) => status === 200);
      expect({ route: route.operation.operationId, ...tally(first), others }).toEqual({
        route: route.operation.operationId,
        'carried out': 1,
        [lost]: WRITERS - 1,
        others: [],
      });
      const after = await headOf(samples.dossier);
      const written = after - textsIn(route) - before; // a text has a stream of its own
      expect(winner && receiptOf(winner)).toMatchObject({ sequence: after, version: version + written });
      const again = await ask();
      expect(again.map(({ status, text }) => ({ status, text }))).toEqual(
        first.map(({ status, text }) => ({
          status,
          text: status === 200 ? text : expect.stringContaining(lost),
        })),
      );
      expect(await headOf(samples.dossier)).toBe(after);
    }
  }, 180_000);

  function contest(
    { method, operation }: Route,
    address: string,
    body: unknown,
    version: number,
  ): Promise<Answer[]> {
    return Promise.all(
      everyone.map((writer) =>
        write(method, address, body, {
          'if-match': `"${version}"`,
          'idempotency-key': `${operation.operationId}-${writer}`,
        }),
      ),
    );
  }

  /** A changed text of a source is a stream of its own. */
  function textsIn({ operation }: Route): number {
    return operation.operationId === 'changeSource' ? 1 : 0;
  }
});

describe('64 writers at three processes', () => {
  beforeAll(() => openRiver(processes.service(0), 'river'));

  it.each([
    ['a statement', 'POST', 'statements', saying({ note: '0' }), 'note'],
    ['a topic', 'POST', 'topics', { name: 'Count', proposition: '0' }, 'proposition'],
  ])(
    'who count up in %s, each by what it read, lose no count',
    async (_, method, kind, body, field) => {
      const { id } = receiptOf(await write(method, `${DOSSIER}/${kind}`, body));
      const path = `${DOSSIER}/${kind}/${id}`;
      const conflicts = await Promise.all(everyone.map(() => countUp(path, kind, field)));
      const counted = await client.read<Record<string, unknown>>(path);
      expect(counted).toMatchObject({ [field]: String(WRITERS), version: WRITERS + 1 });
      expect(conflicts.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
    },
    120_000,
  );

  /** Counts up once, as often as it takes; answers with how often somebody else was quicker. */
  async function countUp(path: string, kind: string, field: string): Promise<number> {
    for (let conflicts = 0; ; conflicts++) {
      const seen = await client.read<Versioned & Record<string, unknown>>(path);
      const changes = { [field]: String(Number(seen[field]) + 1) };
      const headers = { 'if-match': `"${seen.version}"` };
      const answer =
        kind === 'statements'
          ? await write('POST', `${path}/correct`, { changes, reason: 'Counted.' }, headers)
          : await write('PATCH', path, changes, headers);
      if (answer.status === 200) return conflicts;
      expect(codeOf(answer)).toBe('precondition-failed');
    }
  }

  it('who expect nothing are all carried out, one after the other, once each', async () => {
    const { id } = receiptOf(await write('POST', `${DOSSIER}/statements`, saying()));
    const path = `${DOSSIER}/statements/${id}/correct`;
    const before = await headOf('river');
    const receipts = await Promise.all(everyone.map((writer) => insist(path, writer)));
    expect(receipts.map(({ version }) => version).toSorted((one, other) => one - other)).toEqual(
      everyone.map((writer) => writer + 2),
    );
    const notes = (await readLog(client, 'river'))
      .slice(before)
      .map(({ data }) => (data as { changes?: { note?: { to: string } } }).changes?.note?.to); // holds: an event's data are an object
    expect(notes.toSorted()).toEqual(everyone.map((writer) => `Note ${writer}`).toSorted());
  }, 120_000);

  /** Repeats a correction until it is carried out: the service gives up where it was overtaken too often. */
  async function insist(path: string, writer: number): Promise<Versioned> {
    for (;;) {
      const correction = { changes: { note: `Note ${writer}` }, reason: 'Heard again.' };
      const answer = await write('POST', path, correction, { 'idempotency-key': `note-${writer}` });
      if (answer.status === 200) return receiptOf(answer);
      expect(codeOf(answer)).toBe('version-conflict');
    }
  }

  it('who want the same, or the same name, are told that somebody else was quicker', async () => {
    const { id } = receiptOf(await write('POST', `${DOSSIER}/statements`, saying()));
    const races: [string, string, unknown, string][] = [
      ['POST', `${DOSSIER}/statements/${id}/void`, { reason: 'Misheard.' }, 'already-voided'],
      ['POST', `${DOSSIER}/statements/${id}/restore`, { reason: 'Heard right.' }, 'not-voided'],
      ['PATCH', `${DOSSIER}/parties/north`, { name: 'Northern Bank' }, 'nothing-changed'],
      ['POST', `${DOSSIER}/parties`, { slug: 'east', name: 'East' }, 'slug-taken'],
      ['POST', `${DOSSIER}/statements`, saying({ slug: 'the-first' }), 'slug-taken'],
      ['POST', '/api/v1/dossiers', { slug: 'lake', title: 'Lake' }, 'slug-taken'],
    ];
    for (const [method, path, body, code] of races) {
      const answers = await Promise.all(everyone.map(() => write(method, path, body)));
      expect({ path, ...tally(answers) }).toEqual({ path, 'carried out': 1, [code]: WRITERS - 1 });
    }
  });

  it('who repeat one write with one key are all told the same, and it is there once', async () => {
    const before = await headOf('river');
    const opened = await Promise.all(
      everyone.map(() =>
        write('POST', '/api/v1/dossiers', { title: 'Sea' }, { 'idempotency-key': 'opened' }),
      ),
    );
    expect(new Set(opened.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const statements = [saying({ slug: 'one-of-two' }), saying({ refersTo: 'one-of-two' })];
    const writes: [string, string, unknown][] = [
      ['POST', `${DOSSIER}/statements`, saying()],
      ['POST', `${DOSSIER}/statements/batch`, { statements }],
      ['PATCH', `${DOSSIER}/topics/ferry`, { proposition: 'The ferry goes on at night' }],
      ['POST', `${DOSSIER}/statements/one-of-two/void`, { reason: 'Misheard.' }],
    ];
    for (const [number, [method, path, body]] of writes.entries()) {
      const key = { 'idempotency-key': `all-${number}` };
      const answers = await Promise.all(everyone.map(() => write(method, path, body, key)));
      expect(
        new Set(answers.map(({ status, text, headers }) => `${status} ${headers.etag} ${text}`)).size,
      ).toBe(1);
      expect(answers[0]?.status).toBeLessThan(300);
    }
    expect(await headOf('river')).toBe(before + 5);
  });
});
