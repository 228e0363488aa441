import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RevisionView } from '../../src/audit/revisions/revision-view.js';
import type { Present, Revision } from '../../src/domain/revision.js';
import type { Page } from '../../src/http/paging.js';
import {
  entryOfAssessment,
  entryOfStatement,
  revisionBy,
  type PairChange,
} from '../../web/src/record/effect.js';
import { correctionOf, decideChanges, standingChangeOf } from '../../web/src/record/revising.js';
import type { Known } from '../../web/src/record/verdict.js';
import { openRiver, Recorder } from '../support/http-cast.js';
import { startService, type FreshService, type Service } from '../support/service.js';

type Statement = Parameters<typeof decideChanges>[0];
type Changes = Parameters<typeof decideChanges>[1];
type Assessment = Parameters<typeof entryOfAssessment>[0] & {
  readonly party: { readonly id: string };
  readonly topic: { readonly id: string };
};

const RIVER = '/dossiers/river';
const RUNS = 60;
const SEED = Number(process.env['STANDPOINT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let running: FreshService;
let service: Service;
let cast: Omit<Known, 'referred'>;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await openRiver(service, 'river');
  const river = new Recorder(service, 'river');
  for (const [index, act] of ['SupportExpressed', 'DoubtVoiced', 'OpennessDeclared'].entries())
    for (const [more, party] of ['north', 'south', 'north'].entries())
      await river.record({
        act,
        party,
        topic: more === 2 ? 'ferry' : 'bridge',
        saidAt: `2025-04-2${index * 3 + more}`,
      });
  await river.record({ act: 'CondemnationVoiced', against: 'south', topic: null });
  await service.write(`${RIVER}/assessments`, {
    ...{
      party: 'north',
      topic: 'bridge',
      stance: 'open',
      asOf: '2025-04-24',
      basis: [],
      rationale: 'By deeds.',
    },
  });
  const [parties, speakers, topics, sources] = await Promise.all(
    ['parties', 'speakers', 'topics', 'sources'].map((kind) => service.all(`${RIVER}/${kind}`)),
  );
  cast = { parties, speakers, topics, sources } as typeof cast; // holds: as the pages read them
});

afterAll(() => running?.end());

const idOf = (kind: 'parties' | 'topics', slug: string | null): string | null =>
  cast[kind].find((each) => each.slug === slug)?.id ?? null;

/** What somebody may change: of one statement out of all, most changes more than one field. */
const drawn = fc.record({
  which: fc.nat(),
  isStanding: fc.boolean(),
  fields: fc.record(
    {
      act: fc.constantFrom<NonNullable<Changes['act']>>(
        'SupportExpressed',
        'OppositionExpressed',
        'ConditionSet',
      ),
      saidAt: fc.constantFrom('2025-04-20', '2025-04-24', '2025-04', '../2025-04-22', '2025-05-02T10:00Z'),
      stance: fc.constantFrom<NonNullable<Changes['stance']> | null>(
        'opposed',
        'noncommittal',
        'supportive',
        null,
      ),
      conditions: fc.constantFrom<string[]>([], ['if it is free'], ['if it is free', 'if it is red']),
      party: fc.constantFrom('north', 'south', 'union', null),
      topic: fc.constantFrom('bridge', 'ferry', null),
      note: fc.constantFrom('A note.', null),
    },
    { requiredKeys: [] },
  ),
});

/** The revisions that the page foretells, by pair. */
async function foretold(changes: readonly PairChange[]): Promise<object[]> {
  const [statements, assessments] = await Promise.all([
    service.all<Statement>(`${RIVER}/statements`),
    service.all<Assessment>(`${RIVER}/assessments`),
  ]);
  return changes.map(({ party, topic, change }) => {
    const known = [
      ...statements
        .filter(({ resolved }) => resolved.party?.id === party && resolved.topic?.id === topic)
        .map(entryOfStatement),
      ...assessments
        .filter((each) => each.party.id === party && each.topic.id === topic)
        .map(entryOfAssessment),
    ];
    return toldOf(party, topic, revisionBy(known, change));
  });
}

const iso = (instant: number): string => new Date(instant).toISOString();
const end = (present: Present | null) =>
  present && { stance: present.stance, conditions: present.conditions, since: iso(present.since) };

function toldOf(party: string, topic: string, revision: Revision): object {
  const { kind, before, after, presentChanged, pastChanged, appeared, disappeared } = revision;
  const shift = ({ at, kind: how, statement }: (typeof appeared)[number]) => `${iso(at)} ${how} ${statement}`;
  return {
    ...{ party, topic, kind, presentChanged, pastChanged, before: end(before), after: end(after) },
    ...{ appeared: appeared.map(shift), disappeared: disappeared.map(shift) },
  };
}

/** The same of the service's answer. */
function audited({ party, topic, kind, ...revision }: RevisionView): object {
  const shift = ({ at, kind: how, statement }: RevisionView['shiftsAppeared'][number]) =>
    `${at} ${how} ${statement}`;
  const { presentChanged, pastChanged, before, after, shiftsAppeared, shiftsDisappeared } = revision;
  const without = (present: typeof before) =>
    present && { stance: present.stance, conditions: present.conditions, since: present.since };
  return {
    ...{ party: party.id, topic: topic.id, kind, presentChanged, pastChanged },
    ...{ before: without(before), after: without(after) },
    ...{ appeared: shiftsAppeared.map(shift), disappeared: shiftsDisappeared.map(shift) },
  };
}

describe('What a page foretells of correcting, voiding and restoring', () => {
  // Break: `removed` as null in pairChanges; `before` without change.removed in revisionBy; stance of `statement` in correctionOf.
  it('is what the audit then tells of it, and what it foretells no effect of is refused', async () => {
    const seen = new Set<string>();
    const agrees = fc.asyncProperty(drawn, async ({ which, isStanding, fields }) => {
      const statements = await service.all<Statement>(`${RIVER}/statements?include=voided`);
      const statement = statements[which % statements.length];
      if (statement === undefined) throw new Error('Nothing is recorded.');
      const send = (what: string, body: object) =>
        service.post(`${RIVER}/statements/${statement.id}/${what}`, { reason: 'To see.', ...body });
      const change = async (what: string, body: object, expected: readonly PairChange[]): Promise<void> => {
        const told = await foretold(expected);
        const { status, body: answer } = await send(what, body);
        expect(status).toBe(200);
        const { sequence } = answer as { sequence: number }; // holds: every write answers so
        const range = `since=${sequence - 1}&known=${sequence}`;
        const { items } = await service.read<Page<RevisionView>>(`${RIVER}/revisions?${range}`);
        expect(new Set(items.map(audited))).toEqual(new Set(told));
        items.forEach(({ kind }) => seen.add(kind));
        if (items.length === 2) seen.add('moved');
      };
      if (isStanding || statement.voided !== null)
        return change(statement.voided === null ? 'void' : 'restore', {}, standingChangeOf(statement));
      const { party, topic, ...others } = fields;
      const changes: Changes = {
        ...others,
        ...(party !== undefined && { party: idOf('parties', party) }),
        ...(topic !== undefined && { topic: idOf('topics', topic) }),
      };
      const { decided } = decideChanges(statement, changes, { ...cast, referred: null });
      if (decided !== null) return change('correct', { changes }, correctionOf(statement, decided));
      expect((await send('correct', { changes })).status).toBeGreaterThanOrEqual(400);
      seen.add('refused');
    });
    await fc.assert(agrees, { seed: SEED, numRuns: RUNS, endOnFailure: true });
    expect([...seen].toSorted()).toEqual(['correction', 'moved', 'refused', 'restoration', 'voiding']);
  });
});
