import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createPool } from '../../src/database/data-source.js';
import type { EventView } from '../../src/http/event-view.js';
import { Appender } from '../../src/ledger/appender.js';
import type { NewEvent } from '../../src/ledger/event.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { recordTalks } from '../support/http-talks.js';
import { startService, type FreshService } from '../support/service.js';

interface PositionRow {
  readonly party: { readonly id: string; readonly name: string };
}

/** What newer code would have appended: types and schema versions that are not there yet. */
const strange = { statement: uuidv7(), party: uuidv7() };
const about = uuidv7();

let fresh: FreshService;
let pool: Pool;
let talks: string;
let answered: StatementView;
let russia: { readonly id: string };
let before: { readonly positions: readonly PositionRow[] };
let head: number;

const PROVENANCE = { recordedBy: 'newer code', correlationId: uuidv7(), causationId: null };

async function append(
  [streamKind, streamId, streamVersion]: readonly [string, string, number],
  type: string,
  data: object,
  schemaVersion = 1,
): Promise<void> {
  const event: NewEvent = {
    id: uuidv7(),
    streamKind,
    streamId,
    streamVersion,
    type,
    schemaVersion,
    data: JSON.stringify(data),
  };
  const appender = new Appender({ pool, now: () => new Date().toISOString() });
  const { status } = await appender.append(talks, { events: [event], provenance: PROVENANCE });
  expect(status).toBe('appended');
}

beforeAll(async () => {
  fresh = await startService();
  const { service, database } = fresh;
  await recordTalks(service, 'talks');
  pool = createPool(database.serviceUrl);
  talks = (await service.read<{ id: string }>('/dossiers/talks')).id;
  answered = await service.read('/dossiers/talks/statements/s04');
  russia = await service.read('/dossiers/talks/parties/russia');
  before = await service.read('/dossiers/talks/positions?at=2025-06-01');
  const events = await service.all<EventView>('/dossiers/talks/events');
  head = events.length;
  const said = events.find(({ type }) => type === 'ProposalMade')?.data as {
    stated: object;
    resolved: object;
  }; // holds: every statement is recorded so
  await append(['statement', strange.statement, 1], 'AmnestyOffered', { to: 'everyone' });
  await append(['statement', strange.statement, 2], 'RecordVoided', { reason: 'The wrong outlet.' });
  await append(['statement', answered.id, 2], 'RecordCorrected', { was: 'otherwise' }, 2);
  await append(['party', strange.party, 1], 'PartyAdded', { title: 'The Union' }, 2);
  await append(['party', russia.id, 2], 'PartyMoved', { to: 'elsewhere' });
  await append(['statement', about, 1], 'ProposalMade', {
    ...said,
    slug: null,
    stated: { ...said.stated, party: strange.party, speaker: null, refersTo: null },
    resolved: { ...said.resolved, party: strange.party },
  });
}, 120_000);

afterAll(async () => {
  await pool?.end();
  await fresh?.end();
});

/**
 * Break: in domain/statement.ts and assessment.ts, `isObscure` in either line of evolve…; in domain/set-up.ts, the line of `isObscure`;
 * in domain/cast.ts, `this.obscure.has(id)`; in ledger/upcasting.ts, a return of `obscure`.
 */
describe('Events that only newer code understands', () => {
  it('are in the log as they are, and said not to be understood', async () => {
    const events = await fresh.service.all<EventView>(`/dossiers/talks/events?after=${head}`);
    expect(events.map(({ type, schemaVersion, understood }) => [type, schemaVersion, understood])).toEqual([
      ['AmnestyOffered', 1, false],
      ['RecordVoided', 1, true],
      ['RecordCorrected', 2, false],
      ['PartyAdded', 2, false],
      ['PartyMoved', 1, false],
      ['ProposalMade', 1, true],
    ]);
    expect(events[3]?.data).toEqual({ title: 'The Union' });
  });

  it('change no position, and a party of which nothing is understood is shown as unknown', async () => {
    const { service } = fresh;
    const after: typeof before = await service.read('/dossiers/talks/positions?at=2025-06-01');
    const ours = after.positions.filter(({ party }) => party.id !== strange.party);
    expect(ours).toEqual(before.positions);
    const theirs = after.positions.filter(({ party }) => party.id === strange.party);
    expect(theirs.map(({ party }) => party)).toEqual([{ id: strange.party, slug: null, name: 'unknown' }]);
  });

  it('leave readers what is understood', async () => {
    const { service } = fresh;
    expect((await service.get(`/dossiers/talks/statements/${strange.statement}`)).status).toBe(404);
    expect(await service.read(`/dossiers/talks/statements/${answered.id}`)).toEqual({
      ...answered,
      version: 2,
    });
    const listed = await service.all<StatementView>('/dossiers/talks/statements');
    expect(listed.map(({ id }) => id)).not.toContain(strange.statement);
    expect(listed.map(({ id }) => id)).toContain(about);
    const history: { items: EventView[] } = await service.read(
      `/dossiers/talks/statements/${answered.id}/history`,
    );
    expect(history.items.map(({ understood }) => understood)).toEqual([true, false]);
  });

  it('do not keep anyone from recording', async () => {
    const { service } = fresh;
    const renamed = await service.patch('/dossiers/talks/parties/russia', { name: 'The Russian Federation' });
    expect(renamed.status).toBe(200);
    const corrected = await service.post(`/dossiers/talks/statements/${answered.id}/correct`, {
      changes: { note: 'A slip.' },
      reason: 'A slip.',
    });
    expect(corrected.status).toBeLessThan(300);
  });

  it('are reported, and do not make the service unready', async () => {
    const { service } = fresh;
    expect((await service.get('/health/ready')).status).toBe(200);
    const { items } = await service.read<{ items: { name: string }[] }>('/admin/projections');
    const positions = items.find(({ name }) => name === 'positions');
    expect(positions).toMatchObject({ deadLetters: 4, stopped: 0 });
  });
});
