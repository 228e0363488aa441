import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventView } from '../../src/http/event-view.js';
import type { Page } from '../../src/http/paging.js';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { openRiver, Recorder } from '../support/http-cast.js';
import { startService, type Answer, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;
let river: Recorder;
let statement: StatementReceipt;
let address: string;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  river = new Recorder(service, 'river');
  await openRiver(service, 'river');
});

afterAll(() => running?.end());

beforeEach(async () => {
  statement = await river.record({ speaker: 'ada' });
  address = `${river.address}/${statement.id}`;
});

const head = async (): Promise<number> => (await service.read<DossierView>('/dossiers/river')).sequence;

const refused = (what: string, body: object, headers = {}): Promise<Answer<Problem>> =>
  service.post<Problem>(`${address}/${what}`, body, headers);

const correct = (changes: object, reason = 'A slip.'): Promise<StatementReceipt> =>
  river.change(statement.id, 'correct', { changes, reason });

describe('A correction', () => {
  it.each([
    ['act', { act: 'OppositionExpressed' }, { act: 'OppositionExpressed', resolved: { stance: 'opposed' } }],
    ['party', { party: 'south' }, { party: { slug: 'south' }, resolved: { party: { slug: 'south' } } }],
    ['speaker', { speaker: 'di' }, { speaker: { slug: 'di' } }],
    ['topic', { topic: 'ferry' }, { topic: { slug: 'ferry' }, resolved: { topic: { slug: 'ferry' } } }],
    ['saidAt', { saidAt: '2024' }, { saidAt: '2024' }],
    ['attribution', { attribution: 'paraphrase' }, { attribution: 'paraphrase' }],
    ['source', { source: 'radio' }, { source: { slug: 'radio' }, anchor: null }],
    [
      'passage',
      { passage: { exact: 'Build' }, source: 'paper' },
      { passage: { exact: 'Build', prefix: '', suffix: '' }, anchor: { status: 'exact' } },
    ],
    ['summary', { summary: 'Other words.' }, { summary: 'Other words.' }],
    [
      'addressees',
      { addressees: ['union', 'the South'] },
      { addressees: [{ slug: 'union' }, { slug: 'south' }] },
    ],
    ['against', { against: 'union' }, { against: { slug: 'union' } }],
    ['stance', { stance: 'skeptical' }, { stance: 'skeptical', resolved: { stance: 'skeptical' } }],
    [
      'conditions',
      { conditions: ['it is cheap'] },
      { conditions: ['it is cheap'], resolved: { conditions: ['it is cheap'] } },
    ],
    ['language', { language: 'de' }, { language: 'de' }],
    ['translation', { translation: 'Für die Brücke.' }, { translation: 'Für die Brücke.' }],
    ['note', { note: 'Heard twice.' }, { note: 'Heard twice.' }],
  ])('changes %s and nothing else, and says what it was', async (field, changes, expected) => {
    const before = await service.read<StatementView>(address);
    const answer = await service.post<StatementReceipt>(`${address}/correct`, { changes, reason: 'A slip.' });
    expect(answer.body).toMatchObject({ ...expected, version: 2, sequence: await head() });
    expect(answer.headers.get('etag')).toBe('"2"');
    const after = await service.read<StatementView>(address);
    expect(after).toMatchObject({ ...expected, version: 2, sequence: statement.sequence });
    const { items } = await service.read<Page<EventView>>(`${address}/history`);
    expect(items.map(({ type }) => type)).toEqual(['SupportExpressed', 'RecordCorrected']);
    const data = items[1]?.data as {
      reason: string;
      changes: Record<string, { from: unknown; to: unknown }>;
    }; // holds: it is a correction
    expect(data.reason).toBe('A slip.');
    expect(Object.keys(data.changes).toSorted()).toEqual(Object.keys(changes).toSorted());
    expect(data.changes[field]?.from).not.toEqual(data.changes[field]?.to);
    const touched = new Set([...Object.keys(changes), 'version', 'resolved', 'codes', 'anchor']);
    const rest = (view: object): unknown => Object.entries(view).filter(([name]) => !touched.has(name));
    expect(rest(after)).toEqual(rest(before));
  });

  it('takes a field away with null', async () => {
    expect(await correct({ summary: null, passage: { exact: 'Build' } })).toMatchObject({ summary: null });
    expect(
      await correct({ topic: null, stance: null, act: 'AllegationMade', against: 'south' }),
    ).toMatchObject({ topic: null, resolved: { topic: null } });
  });

  it('must leave a statement that could have been recorded so', async () => {
    const before = await head();
    expect((await refused('correct', { changes: { topic: null }, reason: 'No.' })).body).toMatchObject({
      status: 422,
      code: 'requirement-missing',
    });
    expect((await refused('correct', { changes: { summary: null }, reason: 'No.' })).body).toMatchObject({
      status: 400,
    });
    expect((await refused('correct', { changes: { party: 'Atlantis' }, reason: 'No.' })).body.code).toBe(
      'unknown-reference',
    );
    expect(await head()).toBe(before);
  });

  it('must change something', async () => {
    for (const changes of [{}, { summary: 'For the bridge.' }, { party: 'the North' }])
      expect((await refused('correct', { changes, reason: 'No.' })).body).toMatchObject({
        status: 422,
        code: 'nothing-changed',
      });
  });

  it('moves to the party of a new speaker, and does not move with a new date', async () => {
    const derived = await river.record({ party: undefined, speaker: 'bo', saidAt: '2022' });
    const later = await river.change(derived.id, 'correct', {
      changes: { saidAt: '2026' },
      reason: 'Later.',
    });
    expect(later.resolved.party?.slug).toBe('south');
    const other = await river.change(derived.id, 'correct', { changes: { speaker: 'ada' }, reason: 'Ada.' });
    expect(other.resolved.party?.slug).toBe('north');
  });

  it('does not let statements answer each other in a circle', async () => {
    const [one, two] = [
      statement,
      await river.record({ act: 'ClarificationIssued', refersTo: statement.id }),
    ];
    for (const refersTo of [one.id, two.id]) {
      const { body } = await refused('correct', {
        changes: { act: 'ClarificationIssued', refersTo },
        reason: 'No.',
      });
      expect(body).toMatchObject({ status: 422, code: 'wrong-reference' });
    }
  });

  it('keeps a statement without its reason out of the log', async () => {
    const { body } = await refused('correct', { changes: { note: 'x' } });
    expect(body.errors).toMatchObject([{ path: 'reason' }]);
  });
});

describe('Voiding and restoring', () => {
  it('say why, count as versions, and leave the statement to be read', async () => {
    const voided = await service.post<StatementReceipt>(`${address}/void`, { reason: 'Wrong outlet.' });
    expect(voided.body).toMatchObject({ version: 2, voided: { reason: 'Wrong outlet.' } });
    expect(voided.headers.get('etag')).toBe('"2"');
    expect((await service.read<StatementView>(address)).voided).toEqual({ reason: 'Wrong outlet.' });
    const restored = await river.change(statement.id, 'restore', { reason: 'It was right.' });
    expect(restored).toMatchObject({ version: 3, voided: null });
    const { items } = await service.read<Page<EventView>>(`${address}/history`);
    expect(
      items.map(({ type, streamVersion, data }) => [
        type,
        streamVersion,
        (data as { reason?: string }).reason,
      ]),
    ).toEqual([
      ['SupportExpressed', 1, undefined],
      ['RecordVoided', 2, 'Wrong outlet.'],
      ['RecordRestored', 3, 'It was right.'],
    ]);
  });

  it('are refused where there is nothing to void or to restore', async () => {
    expect((await refused('restore', { reason: 'No.' })).body).toMatchObject({
      status: 409,
      code: 'not-voided',
    });
    await river.change(statement.id, 'void', { reason: 'Yes.' });
    expect((await refused('void', { reason: 'No.' })).body).toMatchObject({
      status: 409,
      code: 'already-voided',
    });
  });

  it('keep others from answering while it lasts', async () => {
    await river.change(statement.id, 'void', { reason: 'Wrong.' });
    const reply = { act: 'ClarificationIssued', refersTo: statement.id };
    const { body } = await service.post<Problem>(river.address, {
      ...reply,
      party: 'north',
      saidAt: '2025',
      attribution: 'reported',
      summary: 'So.',
    });
    expect(body).toMatchObject({ status: 422, code: 'voided-reference', errors: [{ path: 'refersTo' }] });
    await river.change(statement.id, 'restore', { reason: 'Right.' });
    expect((await river.record(reply)).refersTo).toBe(statement.id);
  });
});

describe('If-Match', () => {
  it.each([
    ['the version', '"1"', true],
    ['anything', '*', true],
    ['one of several versions', '"7", "1"', true],
    ['another version', '"2"', false],
    ['a weak tag', 'W/"1"', false],
    ['a tag of somebody else', '"abc"', false],
  ])('with %s is kept', async (_, tag, kept) => {
    for (const [what, body] of [
      ['correct', { changes: { note: 'New.' }, reason: 'So.' }],
      ['void', { reason: 'So.' }],
    ] as const) {
      statement = await river.record();
      address = `${river.address}/${statement.id}`;
      const before = await head();
      const answer = await refused(what, body, { 'if-match': tag });
      expect(answer.status).toBe(kept ? 200 : 412);
      expect(answer.body.code).toBe(kept ? undefined : 'precondition-failed');
      expect(await head()).toBe(kept ? before + 1 : before);
    }
  });

  it('is refused where it cannot be read', async () => {
    for (const tag of ['1', 'one', '"1', '"1" "2"', '*, "1"'])
      expect((await refused('void', { reason: 'So.' }, { 'if-match': tag })).body).toMatchObject({
        status: 400,
        errors: [{ path: 'If-Match' }],
      });
  });

  it('lets exactly one of many writers through', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        refused('correct', { changes: { note: `By ${index}.` }, reason: 'Race.' }, { 'if-match': '"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 412),
    ]);
    expect((await service.read<StatementView>(address)).version).toBe(2);
  });
});

it('Without If-Match every one of many writers gets through, one after another', async () => {
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      service.post<StatementReceipt>(`${address}/correct`, {
        changes: { note: `By ${index}.` },
        reason: 'Race.',
      }),
    ),
  );
  const versions = answers.map(({ body }) => body.version).toSorted((one, other) => one - other);
  expect(versions).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
