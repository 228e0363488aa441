import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventView } from '../../src/http/event-view.js';
import type { Page } from '../../src/http/paging.js';
import type { Problem } from '../../src/http/problem.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import type { RedactionReceipt } from '../../src/recording/redaction/redact.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { startService, type Answer, type FreshService, type Service } from '../support/service.js';
import { ORDER } from './marked.js';

let running: FreshService;
let service: Service;
let river: Recorder;
let statement: StatementReceipt;
let address: string;
let numbers = 0;

beforeAll(async () => {
  running = await startService();
  service = running.service;
}, 60_000);
afterAll(() => running?.end());

beforeEach(async () => {
  river = new Recorder(service, `river-${numbers++}`);
  await openRiver(service, river.dossier);
  statement = await river.record({ speaker: 'ada', slug: 'said' });
  address = `${river.address}/said`;
});

const at = (path: string): string => `/dossiers/${river.dossier}/${path}`;
const redact = (
  path: string,
  body: object = ORDER,
  headers = {},
): Promise<Answer<RedactionReceipt & Problem>> => service.post(`${path}/redact`, body, headers);
const history = (): Promise<PositionHistory> => service.read(at('positions/north/bridge/history'));

describe('Redaction', () => {
  it('is recorded in the stream of what it is about: who ordered it, why, and by what right', async () => {
    await river.change('said', 'correct', { changes: { note: 'A note.' }, reason: 'A slip.' });
    const { status, body, headers } = await redact(address);
    const sequences = [statement.sequence, statement.sequence + 1];
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"3"');
    expect(body).toMatchObject({ id: statement.id, version: 3, redacted: { sequences, ...ORDER } });
    const { items } = await service.read<Page<EventView>>(`${address}/history`);
    const why = { sequence: body.sequence, ...ORDER };
    expect(items).toMatchObject([
      { type: 'SupportExpressed', recordedBy: 'administrator', data: null, redacted: why, understood: true },
      { type: 'RecordCorrected', data: null, redacted: why },
      { type: 'PayloadRedacted', data: { sequences, ...ORDER }, redacted: null, understood: true },
    ]);
    const log = await service.all<EventView>(at('events'));
    expect(log.slice(statement.sequence - 1)).toEqual(items);
  });

  // Break: `status: 410` in http/statuses.ts; `throw gone` in StatementLookup.require.
  it('leaves of a statement that it was there, at every state of knowledge, and nothing can be done with it any more', async () => {
    const { body: receipt } = await redact(address, { reason: 'It must go.' });
    const left = {
      id: statement.id,
      version: 2,
      sequence: receipt.sequence,
      recordedAt: receipt.recordedAt,
      recordedBy: 'administrator',
      reason: 'It must go.',
      basis: null,
    };
    const reason = { reason: 'No.' };
    const asked = [
      await service.get<Problem>(address),
      await service.get<Problem>(`${address}?known=${statement.sequence}`),
      await service.post<Problem>(`${address}/correct`, { changes: { note: 'x' }, ...reason }),
      await service.post<Problem>(`${address}/void`, reason),
      await service.post<Problem>(`${address}/restore`, reason),
      await redact(address),
    ];
    for (const { status, body } of asked)
      expect({ status, code: body.code, redacted: body.redacted }).toEqual({
        status: 410,
        code: 'redacted',
        redacted: left,
      });
    expect((await service.all(at('statements?include=voided'))).length).toBe(0);
  });

  it('takes a statement out of every position, list and search, at every state of knowledge', async () => {
    const { sequence } = await river.record({
      act: 'OppositionExpressed',
      saidAt: '2025-04-22',
      summary: 'Against.',
    });
    expect((await history()).shifts).toMatchObject([{ kind: 'adopted' }, { kind: 'reversed' }]);
    await redact(address);
    expect((await history()).shifts).toMatchObject([{ kind: 'adopted', to: 'opposed' }]);
    for (const known of [sequence - 1, sequence])
      for (const list of ['statements?', 'statements?q=bridge&', 'shifts?'])
        expect((await service.read<Page<unknown>>(at(`${list}known=${known}`))).items.length).toBe(
          known === sequence && !list.includes('q=') ? 1 : 0,
        );
    expect(await service.read(at(`positions?known=${sequence - 1}`))).toMatchObject({ positions: [] });
  });

  it('lets replies stand, be corrected, and be found', async () => {
    const reply = await river.record({
      act: 'ProposalAccepted',
      refersTo: (await river.record({ act: 'ProposalMade', slug: 'asked' })).id,
      party: 'south',
    });
    await redact(at('statements/asked'));
    const [found] = await service.all<StatementView>(at('statements/asked/replies'));
    expect(found).toMatchObject({
      id: reply.id,
      resolved: { stance: 'supportive', topic: { slug: 'bridge' } },
    });
    const moved = await river.change(reply.id, 'correct', {
      changes: { saidAt: '2024' },
      reason: 'Earlier.',
    });
    expect(moved).toMatchObject({ saidAt: '2024', resolved: { topic: { slug: 'bridge' } } });
    const other = await service.post<Problem>(`${river.address}/${reply.id}/correct`, {
      changes: { act: 'ProposalRejected' },
      reason: 'What did it reject?',
    });
    expect(other).toMatchObject({
      status: 422,
      body: { code: 'redacted-reference', errors: [{ path: 'changes.refersTo' }] },
    });
  });

  // Break: `references.erased('refersTo')` in domain/record-statement.ts, or in domain/assessment.ts.
  it('lets nothing new refer to what was erased, whichever way it is recorded', async () => {
    const judgement = {
      party: 'north',
      topic: 'bridge',
      stance: 'open',
      asOf: '2025',
      rationale: 'So.',
      basis: ['said'],
    };
    const assessment = await service.write<{ id: string }>(at('assessments'), judgement);
    await redact(address);
    const answer = saying({ act: 'ClarificationIssued', refersTo: 'said' });
    const errors = (path: string): object => ({
      status: 422,
      body: { code: 'redacted-reference', errors: [{ path }] },
    });
    expect(await service.post(river.address, answer)).toMatchObject(errors('refersTo'));
    expect(await service.post(`${river.address}/batch`, { statements: [answer] })).toMatchObject(
      errors('statements.0.refersTo'),
    );
    expect(await service.post(at('assessments'), judgement)).toMatchObject(errors('basis.0'));
    const rejudged = { changes: { stance: 'skeptical' }, reason: 'On second thoughts.' };
    expect((await service.post(at(`assessments/${assessment.id}/correct`), rejudged)).status).toBe(200);
    const own = await river.record();
    const refers = { changes: { act: 'ClarificationIssued', refersTo: 'said' }, reason: 'It does.' };
    expect(await service.post(`${river.address}/${own.id}/correct`, refers)).toMatchObject(
      errors('changes.refersTo'),
    );
  });

  it('erases an assessment as it does a statement', async () => {
    const judgement = {
      party: 'south',
      topic: 'bridge',
      stance: 'open',
      asOf: '2025',
      rationale: 'So.',
      basis: [],
    };
    const { id } = await service.write<{ id: string }>(at('assessments'), judgement);
    await redact(at(`assessments/${id}`));
    expect(await service.get(at(`assessments/${id}`))).toMatchObject({
      status: 410,
      body: { redacted: { id, ...ORDER } },
    });
    const late = await service.post(at(`assessments/${id}/void`), { reason: 'No.' });
    expect(late).toMatchObject({ status: 410, body: { code: 'redacted' } });
    expect(await service.all(at('assessments?include=voided'))).toEqual([]);
    expect((await service.get(at('positions/south/bridge'))).body).toMatchObject({ stance: null });
  });

  it.each([
    ['party', 'parties', 'north', { aliases: [], kind: 'other' }],
    ['speaker', 'speakers', 'ada', { aliases: [], affiliations: [] }],
    ['topic', 'topics', 'bridge', { proposition: null }],
  ])('leaves of a %s its slug, by which it goes on being spoken of', async (kind, plural, slug, rest) => {
    const before = await service.read<{ id: string; name: string }>(at(`${plural}/${slug}`));
    const { body } = await redact(at(`${plural}/${slug}`));
    const shown = await service.read<object>(at(`${plural}/${slug}`));
    const { sequence, recordedAt } = body;
    const redacted = { sequence, recordedAt, recordedBy: 'administrator', ...ORDER };
    expect(shown).toEqual({ id: before.id, slug, version: 2, name: '[redacted]', ...rest, redacted });
    expect(await service.all(at(plural))).toContainEqual(shown);
    expect(await service.all(at(`${plural}?q=redacted`))).toEqual([]);
    expect(JSON.stringify(await service.read(address))).not.toContain(`"${before.name}"`);
    expect((await history()).shifts).toHaveLength(1);
    const change = await service.patch<Problem>(at(`${plural}/${slug}`), { name: before.name });
    expect(change).toMatchObject({
      status: 410,
      body: { code: 'redacted', redacted: { id: before.id, version: 2 } },
    });
    expect((await redact(at(`${plural}/${slug}`))).status).toBe(410);
    expect(await river.record({ speaker: 'ada' })).toMatchObject({ party: { slug: 'north' } });
    for (const name of [before.name, '[redacted]']) {
      const field = { [kind]: name };
      expect((await service.post(river.address, saying(field))).body).toMatchObject({
        code: 'unknown-reference',
      });
    }
  });

  it('takes a source’s texts with it, so that passages are no longer found in it', async () => {
    await service.patch(at('sources/paper'), { text: 'Another text.' });
    const quoted = { source: 'paper', passage: { exact: 'Another' } };
    expect((await river.record(quoted)).anchor).toMatchObject({ status: 'exact' });
    const { body } = await redact(at('sources/paper'));
    expect(body.redacted.sequences).toHaveLength(4);
    expect(await service.read(at('sources/paper'))).toMatchObject({
      title: '[redacted]',
      text: null,
      textSha256: null,
    });
    expect(await river.record(quoted)).toMatchObject({
      anchor: null,
      source: { slug: 'paper', title: '[redacted]' },
    });
    const texts = await service.all<EventView>(at('events?type=SourceTextAdded'));
    expect(texts.map(({ data, redacted }) => [data, redacted?.sequence])).toEqual([
      [null, body.sequence],
      [null, body.sequence],
    ]);
  });

  it('is refused at another version, and without a reason', async () => {
    expect((await redact(address, ORDER, { 'if-match': '"2"' })).body).toMatchObject({
      code: 'precondition-failed',
    });
    expect((await redact(address, { basis: 'None.' })).body).toMatchObject({ errors: [{ path: 'reason' }] });
    expect((await redact(at('statements/unsaid'))).status).toBe(404);
    expect((await redact(address, ORDER, { 'if-match': '"1"' })).status).toBe(200);
  });

  // Break: `!(@.redacted != null)` in tells_of; `answer === null` in dossiers/write.ts.
  it('is answered again under its key; what was answered before and repeats what was erased is not', async () => {
    const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });
    const body = saying({ speaker: 'ada', summary: 'Under a key.' });
    const told = await service.write<StatementReceipt>(river.address, body, { 'idempotency-key': 'told' });
    const other = await service.post(river.address, saying(), key('other'));
    const first = await redact(`${river.address}/${told.id}`, ORDER, key('order'));
    const again = await redact(`${river.address}/${told.id}`, ORDER, key('order'));
    expect(again).toMatchObject({ status: 200, body: first.body });
    const head = first.body.sequence;
    expect(await service.post(river.address, body, key('told'))).toMatchObject({
      status: 410,
      body: { code: 'redacted' },
    });
    expect(await service.post(river.address, saying(), key('other'))).toMatchObject({
      status: 201,
      body: other.body,
    });
    expect(await service.read(`/dossiers/${river.dossier}`)).toMatchObject({ sequence: head });
  });
});
