import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { Page } from '../../src/http/paging.js';
import type { Comparison } from '../../src/positions/compare-positions.js';
import type { Board, PositionAt } from '../../src/positions/list-positions.js';
import type { DossierShift } from '../../src/positions/list-shifts.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { open } from '../support/http-talks.js';
import { Service, startService, type FreshService } from '../support/service.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
});

afterAll(() => running?.end());

describe('The worked example', () => {
  const PAIR = '/dossiers/example/positions/russia/strikes-stop';
  const ids = new Map<number, string>();

  /** Records so that the statement gets the sequence of the example. */
  async function record(sequence: number, fields: object): Promise<void> {
    const statement = await service.write<StatementReceipt>('/dossiers/example/statements', {
      party: 'russia',
      attribution: 'reported',
      summary: 'Said.',
      ...fields,
    });
    expect(statement.sequence).toBe(sequence);
    ids.set(sequence, statement.id);
  }

  beforeAll(async () => {
    await open(service, 'example');
    for (const name of ['Russia', 'Ukraine', 'United States'])
      await service.write('/dossiers/example/parties', { slug: name.toLowerCase().replace(' ', '-'), name });
    await service.write('/dossiers/example/topics', {
      slug: 'strikes-stop',
      name: 'Strikes',
      proposition: 'Strikes on civilian targets stop',
    });
    await record(6, { party: 'ukraine', act: 'ProposalMade', topic: 'strikes-stop', saidAt: '2024-08-01' });
    await record(7, { act: 'ProposalMade', topic: 'strikes-stop', saidAt: '2025-04-21' });
    await record(8, {
      party: 'ukraine',
      act: 'SupportExpressed',
      topic: 'strikes-stop',
      saidAt: '2025-04-21',
    });
    await record(9, {
      act: 'ClarificationIssued',
      refersTo: ids.get(7),
      stance: 'open',
      saidAt: '2025-04-22',
    });
    await record(10, {
      party: 'united-states',
      act: 'SupportExpressed',
      topic: 'strikes-stop',
      saidAt: '2025-04-22',
    });
    await record(11, {
      party: 'united-states',
      act: 'SupportExpressed',
      topic: 'strikes-stop',
      saidAt: '2025-04-23',
    });
    await record(12, { act: 'ProposalRejected', refersTo: ids.get(6), saidAt: '2024-08-10' });
    await service.write(`/dossiers/example/statements/${ids.get(12)}/void`, { reason: 'wrong outlet' });
  });

  const history = (known: number | string): Promise<PositionHistory> =>
    service.read(`${PAIR}/history?known=${known}`);

  const told = ({ positions, shifts }: PositionHistory): unknown => ({
    positions: positions.map(({ stance, from, to }) => [stance, from.slice(0, 10), to?.slice(0, 10) ?? null]),
    shifts: shifts.map(({ kind, from, to, at }) => [kind, from, to, at.slice(0, 10)]),
  });

  const SOFTENED = {
    positions: [
      ['supportive', '2025-04-21', '2025-04-22'],
      ['open', '2025-04-22', null],
    ],
    shifts: [
      ['adopted', null, 'supportive', '2025-04-21'],
      ['softened', 'supportive', 'open', '2025-04-22'],
    ],
  };

  const REVERSED = {
    positions: [['opposed', '2024-08-10', '2025-04-21'], ...SOFTENED.positions],
    shifts: [
      ['adopted', null, 'opposed', '2024-08-10'],
      ['reversed', 'opposed', 'supportive', '2025-04-21'],
      SOFTENED.shifts[1],
    ],
  };

  it('is as positions.md tells it, at every state of knowledge', async () => {
    expect(told(await history(6))).toEqual({ positions: [], shifts: [] });
    expect(told(await history(8))).toEqual({
      positions: [['supportive', '2025-04-21', null]],
      shifts: [SOFTENED.shifts[0]],
    });
    expect(told(await history(11))).toEqual(SOFTENED);
    expect(told(await history(12))).toEqual(REVERSED);
    expect(told(await history(13))).toEqual(SOFTENED);
    expect((await history(12)).known).toEqual({ sequence: 12, recordedAt: expect.any(String) });
  });

  it('leaves the present as it was by the backfill', async () => {
    const at = async (known: number): Promise<unknown> => {
      const {
        known: _known,
        at: _at,
        ...position
      } = await service.read<PositionAt>(`${PAIR}?at=2025-05-01&known=${known}`);
      return position;
    };
    expect(await at(12)).toEqual(await at(11));
    expect(await at(13)).toEqual(await at(12));
  });

  it.each([
    ['2024-08-09', 12, null],
    ['2024-08-10', 12, 'opposed'],
    ['2024-08-10', 11, null],
    ['2024-08-10', 13, null],
    ['2025-04-20T23:59:59.999Z', 12, 'opposed'],
    ['2025-04-21T00:00:00Z', 12, 'supportive'],
    ['2025-04-22T01:59:59%2B02:00', 12, 'supportive'],
    ['2025-04-22', 12, 'open'],
    ['2025-04-22', 8, 'supportive'],
    ['2025-04-22', 6, null],
    ['2999-01-01', 999, 'open'],
  ])('stood at %s, as known at %s, at %s', async (at, known, stance) => {
    const position = await service.read<PositionAt>(`${PAIR}?at=${at}&known=${known}`);
    expect(position.stance).toBe(stance);
    const board = await service.read<Board>(
      `/dossiers/example/positions?at=${at}&known=${known}&party=russia`,
    );
    expect(board.positions.map((each) => each.stance)).toEqual(stance === null ? [] : [stance]);
  });

  it('compares what was known, and what was said', async () => {
    const compare = (search: string): Promise<Comparison> =>
      service.read(`/dossiers/example/compare?${search}`);
    const differing = ({ items }: Comparison): unknown =>
      items.map(({ party, before, after }) => [party.slug, before?.stance ?? null, after?.stance ?? null]);
    expect(differing(await compare('at=2025-01-01&known=11&known=12'))).toEqual([
      ['russia', null, 'opposed'],
    ]);
    expect(differing(await compare('at=2025-05-01&known=11&known=12'))).toEqual([]);
    expect(differing(await compare('at=2025-04-21&at=2025-04-22&known=12'))).toEqual([
      ['russia', 'supportive', 'open'],
      ['united-states', null, 'supportive'],
    ]);
    expect(differing(await compare('at=2025-04-21&at=2025-04-21'))).toEqual([]);
    expect(await compare('known=7&known=13')).toMatchObject({
      before: { known: { sequence: 7 } },
      after: { known: { sequence: 13 } },
    });
  });

  it('lists the shifts of the dossier in said-order, filtered and paged', async () => {
    const kinds = async (search: string, limit = 2): Promise<unknown> =>
      (await service.all<DossierShift>(`/dossiers/example/shifts?${search}`, limit)).map(
        ({ party, kind }) => `${party.slug} ${kind}`,
      );
    const all = [
      'ukraine adopted',
      'russia adopted',
      'russia reversed',
      'russia softened',
      'united-states adopted',
    ];
    for (const limit of [1, 2, 500]) expect(await kinds('known=12', limit)).toEqual(all);
    expect(await kinds('')).toEqual([
      'ukraine adopted',
      'russia adopted',
      'russia softened',
      'united-states adopted',
    ]);
    expect(await kinds('party=Russia&known=12')).toEqual(all.slice(1, 4));
    expect(await kinds('kind=adopted&known=12')).toEqual(all.filter((each) => each.endsWith('adopted')));
    expect(await kinds('from=2025-04-21&to=2025-04-21&known=12')).toEqual(['russia reversed']);
    expect(await kinds('from=2025-04-22&known=12&party=russia')).toEqual(['russia softened']);
  });
});

describe('A position', () => {
  beforeAll(() => openRiver(service, 'river'));

  it('that a pair does not have is null, which is not noncommittal', async () => {
    expect(await service.read('/dossiers/river/positions/union/ferry?at=2025-01-01')).toMatchObject({
      party: { slug: 'union' },
      topic: { slug: 'ferry' },
      stance: null,
      level: null,
      since: null,
      conditions: [],
      basis: [],
      statements: 0,
      voices: [],
      divided: false,
      at: '2025-01-01T23:59:59.999Z',
    });
    const river = new Recorder(service, 'river');
    await river.record({
      party: 'union',
      topic: 'ferry',
      act: 'AllegationMade',
      against: 'north',
      saidAt: '2025-01-01',
    });
    expect(await service.read('/dossiers/river/positions/union/ferry')).toMatchObject({
      stance: null,
      statements: 0,
    });
    await river.record({ party: 'union', topic: 'ferry', stance: 'noncommittal', saidAt: '2025-01-02' });
    expect(await service.read('/dossiers/river/positions/union/ferry')).toMatchObject({
      stance: 'noncommittal',
      level: 0,
      statements: 1,
    });
  });

  it('of a party or a topic that is not there is not found, nor is one by its name', async () => {
    for (const pair of ['nobody/ferry', 'union/nothing', 'River%20Union/ferry', 'union/union'])
      for (const rest of ['', '/history'])
        expect((await service.get<Problem>(`/dossiers/river/positions/${pair}${rest}`)).body).toMatchObject({
          status: 404,
          code: 'not-found',
        });
  });

  it('is set, reaffirmed and evidenced by what was said until then', async () => {
    const river = new Recorder(service, 'river');
    const said = (fields: object) => river.record({ party: 'south', topic: 'ferry', ...fields });
    const sets = await said({ saidAt: '2025-01-01', conditions: ['cheap', 'quick'] });
    const same = await said({
      saidAt: '2025-01-02',
      conditions: ['quick', 'cheap', 'quick'],
      act: 'AppealMade',
    });
    const evidence = await said({ saidAt: '2025-01-03', act: 'CondemnationVoiced', against: 'north' });
    const other = await said({ saidAt: '2025-01-04', conditions: ['cheap'] });
    expect(await service.read('/dossiers/river/positions/south/ferry?at=2025-01-03')).toMatchObject({
      stance: 'supportive',
      level: 2,
      conditions: ['cheap', 'quick'],
      since: '2025-01-01T00:00:00.000Z',
      basis: [sets.id, same.id],
      statements: 3,
    });
    const history = await service.read<PositionHistory>('/dossiers/river/positions/south/ferry/history');
    expect(history.positions.map((position) => position.evidence)).toEqual([
      [
        { statement: sets.id, role: 'sets', act: 'SupportExpressed' },
        { statement: same.id, role: 'reaffirms', act: 'AppealMade' },
        { statement: evidence.id, role: 'evidence', act: 'CondemnationVoiced' },
      ],
      [{ statement: other.id, role: 'sets', act: 'SupportExpressed' }],
    ]);
    expect(
      history.shifts.map(({ kind, fromConditions, toConditions }) => ({
        kind,
        fromConditions,
        toConditions,
      })),
    ).toEqual([
      { kind: 'adopted', fromConditions: [], toConditions: ['cheap', 'quick'] },
      { kind: 'conditions-changed', fromConditions: ['cheap', 'quick'], toConditions: ['cheap'] },
    ]);
  });

  it('is divided when two of its voices differ by two levels, and no longer when they agree', async () => {
    const river = new Recorder(service, 'river');
    const says = (speaker: string, stance: string, saidAt: string) =>
      river.record({ party: 'north', topic: 'ferry', speaker, stance, saidAt });
    await says('ada', 'supportive', '2025-01-01');
    await says('cy', 'open', '2025-01-02');
    await says('di', 'noncommittal', '2025-01-03');
    await says('di', 'supportive', '2025-01-04');
    const on = (at: string): Promise<PositionAt> =>
      service.read(`/dossiers/river/positions/north/ferry?at=${at}`);
    expect((await on('2025-01-02')).divided).toBe(false);
    expect(await on('2025-01-03')).toMatchObject({
      divided: true,
      stance: 'noncommittal',
      voices: [
        { speaker: { slug: 'ada' }, stance: 'supportive', since: '2025-01-01T00:00:00.000Z' },
        { speaker: { slug: 'cy' }, stance: 'open' },
        { speaker: { slug: 'di' }, stance: 'noncommittal' },
      ],
    });
    expect((await on('2025-01-04')).divided).toBe(false);
  });

  it('is listed with others page by page, each once', async () => {
    const pages: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const board: Board = await service.read(
        `/dossiers/river/positions?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(...board.positions);
      cursor = board.next;
    }
    const whole = await service.read<Board>('/dossiers/river/positions');
    expect(whole.positions.length).toBeGreaterThan(2);
    expect(pages).toEqual(whole.positions);
  });
});

describe('A second process', () => {
  it('answers with what the first has just acknowledged, at once and every time', async () => {
    await openRiver(service, 'shared');
    const other = await Service.start({ database: running.database, token: service.token });
    const stances = ['opposed', 'skeptical', 'noncommittal', 'open', 'supportive'];
    for (let round = 0; round < 40; round++) {
      const [writer, reader] = round % 2 === 0 ? [service, other] : [other, service];
      const stance = stances[round % 5];
      const { id, sequence } = await writer.write<StatementReceipt>(
        '/dossiers/shared/statements',
        saying({ stance }),
      );
      const [position, board, list] = await Promise.all([
        reader.read<PositionAt>('/dossiers/shared/positions/north/bridge'),
        reader.read<Board>('/dossiers/shared/positions'),
        reader.read<Page<{ id: string }>>('/dossiers/shared/statements?limit=500'),
      ]);
      expect(position).toMatchObject({ stance, known: { sequence } });
      expect(board.positions).toMatchObject([{ stance, basis: [id] }]);
      expect(list.items.at(-1)?.id).toBe(id);
    }
    await other.stop();
  });
});
