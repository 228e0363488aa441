import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PositionAudit } from '../../src/audit/revisions/audit-position.js';
import type { RevisionView } from '../../src/audit/revisions/revision-view.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import { open } from '../support/http-talks.js';
import { startService, type FreshService, type Service } from '../support/service.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - domain/revision, `changesPast`: only counting positions: a shift that turns into another kind leaves the past unchanged;
 * - domain/revision, `take`: leaving `late` out: a backfill is an advance;
 * - audit/revisions/steps: without `e.type = 'RecordCorrected'`: a corrected quote is no revision;
 * - audit/revisions/recorded-states: sources as they stand now: what an auditor is shown is not what the recorder saw.
 */
let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
});

afterAll(() => running?.end());

const audit = (dossier: string, query = ''): Promise<PositionAudit> =>
  service.read(`/dossiers/${dossier}/positions/russia/strikes-stop/audit${query}`);

const record = (dossier: string, fields: object): Promise<StatementReceipt> =>
  service.write(`/dossiers/${dossier}/statements`, {
    party: 'russia',
    topic: 'strikes-stop',
    attribution: 'reported',
    summary: 'Said.',
    ...fields,
  });

async function openWithRussia(dossier: string): Promise<void> {
  await open(service, dossier);
  for (const name of ['Russia', 'Ukraine', 'United States'])
    await service.write(`/dossiers/${dossier}/parties`, { slug: name.toLowerCase().replace(' ', '-'), name });
  await service.write(`/dossiers/${dossier}/topics`, {
    slug: 'strikes-stop',
    name: 'Strikes',
    proposition: 'Strikes on civilian targets stop',
  });
}

describe('The worked example of positions.md', () => {
  const statements = new Map<number, string>();

  beforeAll(async () => {
    await openWithRussia('example');
    const said = async (sequence: number, fields: object): Promise<void> => {
      const { id, sequence: given } = await record('example', fields);
      expect(given).toBe(sequence);
      statements.set(sequence, id);
    };
    await said(6, { party: 'ukraine', act: 'ProposalMade', saidAt: '2024-08-01' });
    await said(7, { act: 'ProposalMade', saidAt: '2025-04-21' });
    await said(8, { party: 'ukraine', act: 'SupportExpressed', saidAt: '2025-04-21' });
    await said(9, {
      act: 'ClarificationIssued',
      refersTo: statements.get(7),
      stance: 'open',
      saidAt: '2025-04-22',
    });
    await said(10, { party: 'united-states', act: 'SupportExpressed', saidAt: '2025-04-22' });
    await said(11, { party: 'united-states', act: 'SupportExpressed', saidAt: '2025-04-23' });
    await said(12, { act: 'ProposalRejected', refersTo: statements.get(6), saidAt: '2024-08-10' });
    await service.write(`/dossiers/example/statements/${statements.get(12)}/void`, {
      reason: 'wrong outlet',
    });
  });

  const told = ({ items }: PositionAudit): unknown[] =>
    items.map(
      ({
        sequence,
        kind,
        event,
        advance,
        reason,
        statement,
        before,
        after,
        pastChanged,
        presentChanged,
        ...rest
      }) => ({
        sequence,
        kind,
        type: event.type,
        advance,
        reason,
        statement: statement?.id === undefined ? null : statement.id,
        before: before && [before.stance, before.since.slice(0, 10)],
        after: after && [after.stance, after.since.slice(0, 10)],
        appeared: shifts(rest.shiftsAppeared),
        disappeared: shifts(rest.shiftsDisappeared),
        pastChanged,
        presentChanged,
      }),
    );

  const shifts = (all: RevisionView['shiftsAppeared']): string[] =>
    all.map(({ kind, from, to, at }) => `${kind}: ${from ?? 'none'} → ${to} on ${at.slice(0, 10)}`);

  const SUPPORTIVE = ['supportive', '2025-04-21'];
  const OPEN = ['open', '2025-04-22'];
  const OPPOSED = 'adopted: none → opposed on 2024-08-10';
  const ADOPTED = 'adopted: none → supportive on 2025-04-21';
  const REVERSED = 'reversed: opposed → supportive on 2025-04-21';

  it('is a list of revisions: the party moved at 7 and 9, our record at 12 and 13', async () => {
    expect(told(await audit('example'))).toEqual([
      {
        sequence: 7,
        kind: 'advance',
        type: 'ProposalMade',
        advance: 'adopted',
        reason: null,
        statement: statements.get(7),
        before: null,
        after: SUPPORTIVE,
        appeared: [ADOPTED],
        disappeared: [],
        pastChanged: false,
        presentChanged: true,
      },
      {
        sequence: 9,
        kind: 'advance',
        type: 'ClarificationIssued',
        advance: 'softened',
        reason: null,
        statement: statements.get(9),
        before: SUPPORTIVE,
        after: OPEN,
        appeared: ['softened: supportive → open on 2025-04-22'],
        disappeared: [],
        pastChanged: false,
        presentChanged: true,
      },
      {
        sequence: 12,
        kind: 'backfill',
        type: 'ProposalRejected',
        advance: null,
        reason: null,
        statement: statements.get(12),
        before: OPEN,
        after: OPEN,
        appeared: [OPPOSED, REVERSED],
        disappeared: [ADOPTED],
        pastChanged: true,
        presentChanged: false,
      },
      {
        sequence: 13,
        kind: 'voiding',
        type: 'RecordVoided',
        advance: null,
        reason: 'wrong outlet',
        statement: statements.get(12),
        before: OPEN,
        after: OPEN,
        appeared: [ADOPTED],
        disappeared: [OPPOSED, REVERSED],
        pastChanged: true,
        presentChanged: false,
      },
    ]);
  });

  it('is told as known at any sequence, and page by page', async () => {
    const all = await audit('example');
    const known = await audit('example', '?known=12');
    expect(known).toMatchObject({ known: { sequence: 12 }, items: all.items.slice(0, 3), next: null });
    const pages = [await audit('example', '?limit=3')];
    expect(pages[0]?.next).not.toBeNull();
    pages.push(await audit('example', `?limit=3&cursor=${pages[0]?.next}`));
    expect(pages.map(({ items }) => items.length)).toEqual([3, 1]);
    expect(pages.flatMap(({ items }) => items)).toEqual(all.items);
    expect(pages[1]?.next).toBeNull();
  });

  it('is an empty list for a pair of which nothing was said, and 404 for what there is not', async () => {
    const path = '/dossiers/example/positions';
    await service.write('/dossiers/example/topics', { slug: 'talks', name: 'Talks' });
    expect(await service.read(`${path}/russia/talks/audit`)).toMatchObject({ items: [], next: null });
    expect((await service.request('GET', `${path}/russia/peace/audit`)).status).toBe(404);
    expect((await service.request('GET', `${path}/nobody/talks/audit`)).status).toBe(404);
  });
});

describe('An audit', () => {
  beforeAll(() => openWithRussia('words'));

  it('shows the words, the source as it stood, the recorder and what a correction changed', async () => {
    const base = '/dossiers/words';
    const source = { slug: 'article', title: 'Artcle', url: 'https://example.org/1', outlet: 'The Example' };
    const { id } = await service.write<{ id: string }>(`${base}/sources`, source);
    await service.write(`${base}/speakers`, { slug: 'putin', name: 'Vladimir Putin' });
    const said = await record('words', {
      act: 'OpennessDeclared',
      speaker: 'putin',
      saidAt: '2025-04-21',
      attribution: 'direct',
      source: 'article',
      passage: { exact: 'direct peace talk' },
    });
    await service.request('PATCH', `${base}/sources/article`, { body: { title: 'Article' } });
    const changes = { passage: { exact: 'direct peace talks' } };
    await service.write(`${base}/statements/${said.id}/correct`, {
      changes,
      reason: 'A letter was missing.',
    });
    const { items } = await audit('words');
    const [advance, correction] = items;
    expect(items).toHaveLength(2);
    expect(advance).toMatchObject({
      kind: 'advance',
      advance: 'adopted',
      recordedBy: said.recordedBy,
      recordedAt: said.recordedAt,
      sequence: said.sequence,
      assessment: null,
      statement: {
        id: said.id,
        speaker: { slug: 'putin' },
        quote: 'direct peace talk',
        attribution: 'direct',
        source: { id, slug: 'article', title: 'Artcle', url: 'https://example.org/1', textSha256: null },
      },
    });
    expect(correction).toMatchObject({
      kind: 'correction',
      reason: 'A letter was missing.',
      corrected: ['passage'],
      before: advance?.after,
      after: advance?.after,
      shiftsAppeared: [],
      shiftsDisappeared: [],
      pastChanged: false,
      presentChanged: false,
      statement: { quote: 'direct peace talks', sequence: said.sequence, source: { title: 'Article' } },
    });
  });

  it('tells a correction that moves a statement to another party in both places', async () => {
    await openWithRussia('moved');
    const { id } = await record('moved', { act: 'SupportExpressed', saidAt: '2025-04-21' });
    const changes = { party: 'ukraine' };
    await service.write(`/dossiers/moved/statements/${id}/correct`, { changes, reason: 'Misread.' });
    const from = await audit('moved');
    const to = await service.read<PositionAudit>('/dossiers/moved/positions/ukraine/strikes-stop/audit');
    expect(from.items.map(({ kind, after }) => [kind, after?.stance ?? null])).toEqual([
      ['advance', 'supportive'],
      ['correction', null],
    ]);
    expect(to.items.map(({ kind, before, after }) => [kind, before, after?.stance ?? null])).toEqual([
      ['correction', null, 'supportive'],
    ]);
  });

  it('shows an assessment as one', async () => {
    await openWithRussia('assessed');
    const { id } = await record('assessed', { act: 'SupportExpressed', saidAt: '2025-04-21' });
    await service.write('/dossiers/assessed/assessments', {
      party: 'russia',
      topic: 'strikes-stop',
      stance: 'open',
      asOf: '2025-05-01',
      basis: [id],
      rationale: 'By deeds.',
    });
    const { items } = await audit('assessed');
    expect(items.at(-1)).toMatchObject({
      kind: 'advance',
      advance: 'softened',
      event: { type: 'PositionAssessed' },
      statement: null,
      assessment: { rationale: 'By deeds.', basis: [id], asOf: '2025-05-01' },
    });
  });
});

describe('The revisions of a dossier', () => {
  const revisions = (query = ''): Promise<{ items: RevisionView[]; next: string | null }> =>
    service.read(`/dossiers/example/revisions${query}`);
  const sequences = async (query?: string): Promise<number[]> =>
    (await revisions(query)).items.map(({ sequence }) => sequence);

  it('are those of all pairs, oldest or newest first', async () => {
    expect(await sequences()).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
    expect(await sequences('?order=newest')).toEqual([13, 12, 11, 10, 9, 8, 7, 6]);
    const { items } = await revisions('?party=russia');
    expect(items).toEqual((await audit('example')).items);
  });

  it('are narrowed by kind, party, topic, recorder and when they were recorded', async () => {
    const [first] = (await revisions()).items;
    const [last] = (await revisions('?order=newest')).items;
    expect(await sequences('?kind=backfill')).toEqual([12]);
    expect(await sequences('?kind=voiding')).toEqual([13]);
    expect(await sequences('?kind=advance&party=russia')).toEqual([7, 9]);
    expect(await sequences('?topic=talks')).toEqual([]);
    expect(await sequences(`?recorder=${first?.recordedBy}`)).toHaveLength(8);
    expect(await sequences('?recorder=nobody')).toEqual([]);
    expect(await sequences(`?to=${first?.recordedAt}`)).toContain(6);
    expect(await sequences('?to=2020-01-01')).toEqual([]);
    expect(await sequences(`?from=${last?.recordedAt}`)).toContain(13);
    expect(await sequences('?from=2099-01-01')).toEqual([]);
  });
});
