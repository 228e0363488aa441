import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { Service, startService, type Answer, type FreshService } from '../support/service.js';

/** Seen to fail with recording/statements/correct-statement, `chain`, guarding only the statement referred to: races make cycles. */
let running: FreshService;
let service: Service;
let recorder: Recorder;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await openRiver(service, 'river');
  recorder = new Recorder(service, 'river');
});

afterAll(() => running?.end());

const STATEMENTS = '/dossiers/river/statements';

const send = (body: object): Promise<Answer<Problem>> => service.post(STATEMENTS, body);

const paths = ({ body }: Answer<Problem>): string[] => body.errors?.map(({ path }) => path) ?? [];

describe('A date', () => {
  it.each([
    '2025-02-30',
    '2025-13',
    '2025-00-01',
    '2025-04-21T24:01Z',
    '2025-04-21T10:61Z',
    '2025-2-3',
    '25-04-21',
    '2025-25',
    '2025-41',
    'Y1000000000',
    'Y-1000000000',
    'Y17E8',
    '1000000000',
    '-0500',
    '0000-01-01',
    '2025-04-21/2025-04-20',
    '2025/2024',
    '/',
    '../..',
    '2025-04-21/2025-04-22/2025-04-23',
    '[2025,2026]',
    '{2025..2026}',
    '2025-XX-21',
    '20XX-04',
    'XXXX',
    '?2025',
    '2025-04-21Z',
    ' 2025',
    '2025 ',
    '２０２５',
    '2025-04-21\n',
    `2025${'~'.repeat(100)}`,
    '2'.repeat(100_000),
    '2025-04-21/'.repeat(5_000),
  ])('that is none (%#) is refused, and named', async (saidAt) => {
    const answer = await send(saying({ saidAt }));
    expect({ status: answer.status, paths: paths(answer) }).toEqual({ status: 400, paths: ['saidAt'] });
  });

  it('may leave digits open, name a season, or be open at one end, and comes back as it was given', async () => {
    const dates = [
      '2025-XX',
      '202X',
      '2025-04-XX',
      '2025-21',
      '2025-04?',
      '2025~',
      '2025-04-21%',
      '../2025',
      '2025-04/..',
      '0001',
      '9999-12-31',
    ];
    for (const saidAt of dates) {
      const { id } = await recorder.record({ saidAt });
      expect(await service.read(`${STATEMENTS}/${id}`)).toMatchObject({ saidAt });
    }
    for (const path of ['positions?at=9999-12-31', 'positions/north/bridge/history', 'shifts', 'statements'])
      expect((await service.get(`/dossiers/river/${path}`)).status).toBe(200);
  });
});

describe('A cycle of answers', () => {
  const answering = (refersTo: string | null, slug: string): object =>
    saying({ act: 'ClarificationIssued', refersTo, slug });

  it('cannot be recorded, at once or in a batch', async () => {
    const alone = await send(answering('itself', 'itself'));
    expect({ status: alone.status, paths: paths(alone) }).toEqual({ status: 422, paths: ['refersTo'] });
    const statements = [answering('second', 'first'), answering('first', 'second')];
    const both = await service.post<Problem>(`${STATEMENTS}/batch`, { statements });
    expect(paths(both)).toContain('statements.0.refersTo');
  });

  it('cannot be made by corrections, whoever corrects at the same time', async () => {
    for (let round = 0; round < 15; round++) {
      const [one, two, three] = [await recorder.record(), await recorder.record(), await recorder.record()];
      const answer = (each: StatementReceipt, to: StatementReceipt): Promise<Answer<StatementReceipt>> =>
        service.post(`${STATEMENTS}/${each.id}/correct`, {
          changes: { refersTo: to.id },
          reason: 'It answers that.',
        });
      const answers = await Promise.all([answer(one, two), answer(two, three), answer(three, one)]);
      const statuses = answers.map(({ status }) => status).toSorted();
      expect(statuses).toEqual([200, 200, 422]);
    }
  });
});
