import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WeakPosition } from '../../src/audit/findings/list-weak-positions.js';
import type { RecordersAudit } from '../../src/audit/findings/show-recorders.js';
import type { PositionAudit } from '../../src/audit/revisions/audit-position.js';
import type { RevisionView } from '../../src/audit/revisions/revision-view.js';
import type { Page } from '../../src/http/paging.js';
import type { Comparison } from '../../src/positions/compare-positions.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { as, grant, introduce } from '../access/people.js';
import { revised, stateOf } from '../positions/revision-oracle.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
});

afterAll(() => running?.end());

async function river(dossier: string): Promise<Recorder> {
  await openRiver(service, dossier);
  return new Recorder(service, dossier);
}

const list = <Item>(dossier: string, path: string): Promise<Page<Item>> =>
  service.read(`/dossiers/${dossier}/${path}`);

const revisions = async (dossier: string, query: string): Promise<RevisionView[]> =>
  (await list<RevisionView>(dossier, `revisions?${query}`)).items;

const audit = (dossier: string, query = ''): Promise<PositionAudit> =>
  service.read(`/dossiers/${dossier}/positions/north/bridge/audit?${query}`);

describe('Two states of our knowledge', () => {
  const first = { said: 0, last: 0 };

  beforeAll(async () => {
    const dossier = await river('between');
    const said = await dossier.record({ saidAt: '2025-04-21' });
    await dossier.record({ saidAt: '2025-04-22', act: 'OpennessDeclared' });
    await dossier.record({ saidAt: '2025-04-23', party: 'south' });
    const late = await dossier.record({ saidAt: '2024-08-10', act: 'OppositionExpressed' });
    await dossier.change(said.id, 'correct', { changes: { saidAt: '2024-08-09' }, reason: 'Misdated.' });
    await dossier.change(late.id, 'void', { reason: 'Wrong outlet.' });
    const { sequence } = await dossier.change(late.id, 'restore', { reason: 'The right one after all.' });
    Object.assign(first, { said: said.sequence, last: sequence });
  });

  // Break: `e.sequence > $13` in revisions/steps; `begin` in revisions/audit-position.
  it('differ by the events that were recorded between them, which are named with kind, who, when and why', async () => {
    const [before, after] = [first.last - 4, first.last - 2];
    const states = `known=${before}&known=${after}&at=2024-09-01`;
    const { items } = await service.read<Comparison>(`/dossiers/between/compare?${states}`);
    expect(items.map(({ party, topic }) => [party.slug, topic.slug])).toEqual([['north', 'bridge']]);
    const named = await revisions('between', `party=north&topic=bridge&since=${before}&known=${after}`);
    expect(named).toMatchObject([
      { sequence: after - 1, kind: 'backfill', recordedBy: 'administrator', reason: null },
      { sequence: after, kind: 'correction', recordedBy: 'administrator', reason: 'Misdated.' },
    ]);
    expect((await audit('between', `since=${before}&known=${after}`)).items).toEqual(named);
    expect((await audit('between', `since=${before}&known=${after}&cursor=1`)).items).toEqual(named);
    expect(await revisions('between', `since=${after}&known=${before}`)).toEqual([]);
  });

  it('follow from each other: revisions applied in order to the earlier give the later', async () => {
    const known = Array.from({ length: first.last - first.said + 2 }, (_, index) => first.said - 1 + index);
    const histories = await Promise.all(
      known.map((at) =>
        service.read<PositionHistory>(`/dossiers/between/positions/north/bridge/history?known=${at}`),
      ),
    );
    const all = await audit('between');
    for (const [index, earlier] of histories.entries()) {
      const later = histories.slice(index).map(stateOf);
      const [since, until] = [known[index] ?? 0, known.at(-1) ?? 0];
      const { items } = await audit('between', `since=${since}`);
      expect(items).toEqual(all.items.filter(({ sequence }) => sequence > since && sequence <= until));
      const states = known
        .slice(index)
        .map((at) => items.filter(({ sequence }) => sequence <= at).reduce(revised, stateOf(earlier)));
      expect(states).toEqual(later);
    }
  });
});

describe('An audit of what was redacted', () => {
  const why = { reason: 'Ordered.', basis: 'Article 17' };

  // Break: `eraseEntries` in entries/positions-projection.
  it('is as though it had never been recorded, at every state of knowledge, and fails nowhere', async () => {
    const dossier = await river('redacted');
    const kept = await dossier.record({ saidAt: '2025-04-21' });
    const gone = await dossier.record({ saidAt: '2025-04-22', act: 'OppositionExpressed', slug: 'gone' });
    await dossier.change('gone', 'correct', { changes: { note: 'A secret.' }, reason: 'A secret.' });
    const last = await dossier.record({ saidAt: '2025-04-23', act: 'OpennessDeclared' });
    expect((await audit('redacted')).items.map(({ sequence }) => sequence)).toHaveLength(4);
    await service.write(`${dossier.address}/gone/redact`, why);
    const { items } = await audit('redacted');
    expect(items).toMatchObject([
      { sequence: kept.sequence, advance: 'adopted' },
      { sequence: last.sequence, advance: 'softened', before: { stance: 'supportive' } },
    ]);
    expect(await revisions('redacted', 'order=oldest')).toEqual(items);
    expect((await audit('redacted', `known=${gone.sequence}`)).items).toEqual(items.slice(0, 1));
    expect(await revisions('redacted', `since=${kept.sequence}&known=${last.sequence - 1}`)).toEqual([]);
    const compared = `/dossiers/redacted/compare?known=${kept.sequence}&known=${gone.sequence}`;
    expect((await service.read<Comparison>(compared)).items).toEqual([]);
    expect(JSON.stringify(await list('redacted', 'revisions'))).not.toContain('secret');
  });

  it('leaves a pair without revisions where nothing else was said of it, and shows an erased source as such', async () => {
    const dossier = await river('emptied');
    const only = await dossier.record({ source: 'radio' });
    await service.write('/dossiers/emptied/sources/radio/redact', why);
    expect((await audit('emptied')).items).toMatchObject([
      { statement: { source: { title: '[redacted]' } } },
    ]);
    await service.write(`${dossier.address}/${only.id}/redact`, why);
    expect(await audit('emptied')).toMatchObject({ items: [], next: null });
    expect(await revisions('emptied', '')).toEqual([]);
    expect((await list('emptied', 'audit/weak-positions')).items).toEqual([]);
  });
});

describe('The recorders of a dossier', () => {
  // Break: `o.recorded_by AS owner` as `e.recorded_by`; `DISTINCT`; `e.sequence <= $2`; in revisions/steps `o.recorded_by = $14` as `e.recorded_by = $14`.
  it('are shown with what they did, and with what others did to their records', async () => {
    const dossier = await river('recorders');
    const ann = await introduce(service, 'ann');
    await grant(service, 'recorders', 'ann', 'recorder');
    const hers = await service.write<{ id: string; recordedBy: string }>(
      dossier.address,
      saying(),
      as(ann.token),
    );
    const own = await dossier.record({ saidAt: '2025-04-22' });
    const change = { changes: { note: 'Once.' }, reason: 'A slip.' };
    await dossier.change(hers.id, 'correct', change);
    await dossier.change(hers.id, 'correct', { ...change, changes: { note: 'Twice.' } });
    await dossier.change(own.id, 'void', { reason: 'Double.' });
    const { sequence } = await dossier.change(own.id, 'restore', { reason: 'Not double.' });
    await service.write(`${dossier.address}/${hers.id}/void`, { reason: 'Mine.' }, as(ann.token));
    const { known, recorders } = await service.read<RecordersAudit>('/dossiers/recorders/audit/recorders');
    const counts = { recorded: 1, restored: 0 };
    const of = (name: string): RecordersAudit['recorders'][number] | undefined =>
      recorders.find(({ recorder }) => recorder === name);
    expect(recorders).toHaveLength(2);
    expect(known.sequence).toBe(sequence + 1);
    expect(of('administrator')).toMatchObject({
      ...counts,
      corrected: 2,
      voided: 1,
      restored: 1,
      theirs: { corrected: [], voided: [{ by: 'administrator', records: 1 }] },
    });
    expect(of(hers.recordedBy)).toMatchObject({
      ...counts,
      corrected: 0,
      voided: 1,
      theirs: {
        corrected: [{ by: 'administrator', records: 1 }],
        voided: [{ by: hers.recordedBy, records: 1 }],
      },
    });
    const listed = of(hers.recordedBy);
    const follow = (path = ''): Promise<Page<RevisionView & StatementView>> =>
      service.read(path.replace('/api/v1', ''));
    expect((await follow(listed?.statements)).items.map(({ id }) => id)).toEqual([hers.id]);
    expect((await follow(listed?.revisions)).items.map(({ kind }) => kind)).toEqual(['advance', 'voiding']);
    const ofHers = await revisions('recorders', `enteredBy=${hers.recordedBy}`);
    expect(ofHers.map(({ kind, recordedBy }) => [kind, recordedBy])).toEqual([
      ['advance', hers.recordedBy],
      ['correction', 'administrator'],
      ['correction', 'administrator'],
      ['voiding', hers.recordedBy],
    ]);
    const query = `enteredBy=administrator&recorder=${hers.recordedBy}`;
    expect(await revisions('recorders', query)).toEqual([]);
    const before = await service.read<RecordersAudit>(
      `/dossiers/recorders/audit/recorders?known=${sequence - 2}`,
    );
    expect(before.recorders).toMatchObject([{ voided: 0 }, { voided: 0 }]);
  });
});

describe('Weak positions', () => {
  const weak = (query = ''): Promise<Page<WeakPosition>> => list('weak', `audit/weak-positions?${query}`);
  const told = ({ items }: Page<WeakPosition>): string[] =>
    items.map(({ party, topic, reasons }) => `${party.slug} ${topic.slug}: ${reasons.join(', ')}`).toSorted();

  // Break: `=== 'reported'` and `!each.sourced` in domain/weakness, `role === 'evidence'` in findings/list-weak-positions.
  it('rest on one statement, on reported speech, or on sources that nobody can read', async () => {
    const dossier = await river('weak');
    const direct = { attribution: 'direct', passage: { exact: 'Build the bridge 🌉 now.' } };
    await service.write('/dossiers/weak/sources', {
      slug: 'web',
      title: 'Web',
      url: 'https://example.org/1',
    });
    await dossier.record({ ...direct, source: 'paper' });
    await dossier.record({ act: 'CondemnationVoiced', against: 'south', saidAt: '2025-04-22' });
    await dossier.record({ party: 'south', source: 'web' });
    await dossier.record({ party: 'south', source: 'paper', saidAt: '2025-04-22' });
    await dossier.record({ party: 'north', topic: 'ferry', attribution: 'paraphrase', source: 'radio' });
    await dossier.record({ party: 'north', topic: 'ferry', attribution: 'paraphrase', saidAt: '2025-04-22' });
    await dossier.record({ party: 'south', topic: 'ferry', attribution: 'paraphrase', source: 'web' });
    const { id } = await dossier.record({
      party: 'south',
      topic: 'ferry',
      source: 'paper',
      saidAt: '2025-04-22',
    });
    const page = await weak();
    const all = ['north bridge: one-statement', 'north ferry: source-gone', 'south bridge: reported-only'];
    expect(told(page)).toEqual(all);
    expect(page.items.find(({ topic }) => topic.slug === 'ferry')).toMatchObject({
      position: { stance: 'supportive', level: 2, since: '2025-04-21T00:00:00.000Z' },
    });
    expect(page.items.map(({ basis }) => basis.length).toSorted()).toEqual([1, 2, 2]);
    for (const { basis, statement } of page.items) expect(statement?.id).toBe(basis.at(-1));
    expect(page.items.find(({ party }) => party.slug === 'south')).toMatchObject({
      statement: { saidAt: '2025-04-22', attribution: 'reported', source: { title: 'The Paper' } },
      assessment: null,
    });
    const pages = [await weak('limit=1')];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(await weak(`limit=1&cursor=${next}`));
    expect(pages.flatMap(({ items }) => items)).toEqual(page.items);
    expect(told(await weak('party=south'))).toEqual(all.slice(2));
    expect(told(await weak('reason=source-gone'))).toEqual(all.slice(1, 2));

    await dossier.change(id, 'void', { reason: 'Double.' });
    await service.write('/dossiers/weak/sources/web/redact', { reason: 'Ordered.' });
    expect(told(await weak('topic=ferry'))).toEqual([
      'north ferry: source-gone',
      'south ferry: one-statement, source-gone',
    ]);
    const assessed = { party: 'south', topic: 'ferry', stance: 'opposed', asOf: '2025-05-01', basis: [] };
    await service.write('/dossiers/weak/assessments', { ...assessed, rationale: 'By deeds.' });
    const judged = await weak('party=south&topic=ferry');
    expect(told(judged)).toEqual(['south ferry: one-statement']);
    expect(judged.items).toMatchObject([{ statement: null, assessment: { rationale: 'By deeds.' } }]);
  });
});
