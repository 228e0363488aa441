import { AuditPosition } from '../../src/audit/revisions/audit-position.js';
import { ListRevisions, type RevisionFilter } from '../../src/audit/revisions/list-revisions.js';
import type { RevisionView } from '../../src/audit/revisions/revision-view.js';
import type { Known, KnownInput } from '../../src/dossiers/reading.js';
import { ComparePositions } from '../../src/positions/compare-positions.js';
import { ListPositions, ShowPosition, type PositionAt } from '../../src/positions/list-positions.js';
import { ListShifts, type DossierShift } from '../../src/positions/list-shifts.js';
import type { PositionView } from '../../src/positions/position-view.js';
import { ShowHistory } from '../../src/positions/show-history.js';
import type { Core } from '../support/core.js';
import { asSet } from './oracle.js';
import type { RevisionSeen } from './revision-oracle.js';
import { iso, type Pair, type PositionSeen, type ShiftFilterSeen, type ShiftSeen } from './expectations.js';

/** The service's answers about one dossier, with everything named by its id, and voices in the order of their ids. */
export class Asking {
  constructor(
    private readonly core: Core,
    private readonly dossier: string,
  ) {}

  /** The whole board, in pages of at most `limit`. */
  async board(
    at: string | undefined,
    known: KnownInput,
    filter: Partial<Pair>,
    limit: number,
  ): Promise<PositionSeen[]> {
    return pages(limit, async (cursor) => {
      const { positions, next } = await this.core.ask(
        new ListPositions(this.dossier, { ...filter, cursor }, at, known, limit),
      );
      return { items: positions.map(seen), next };
    });
  }

  /** One position, and what was taken as known. */
  async position(
    { party, topic }: Pair,
    at: string,
    known: KnownInput,
  ): Promise<{ known: Known; at: string; position: object | null }> {
    const answer = await this.core.ask(new ShowPosition(this.dossier, party, topic, at, known));
    const { known: taken, at: instant, stance, level, since, ...view } = answer;
    const there = stance !== null && level !== null && since !== null;
    const position = there
      ? seen({ ...view, stance, level, since })
      : absent({ ...view, stance, level, since });
    return { known: taken, at: instant, position };
  }

  async history(
    { party, topic }: Pair,
    known: KnownInput,
  ): Promise<{ positions: object[]; shifts: object[] }> {
    const { positions, shifts } = await this.core.ask(new ShowHistory(this.dossier, party, topic, known));
    return { positions: [...positions], shifts: shifts.map(withSets) };
  }

  async audit(
    { party, topic }: Pair,
    known: KnownInput,
    limit: number,
    since?: KnownInput,
  ): Promise<RevisionSeen[]> {
    return pages(limit, async (cursor) => {
      const { items, next } = await this.core.ask(
        new AuditPosition(this.dossier, party, topic, known, limit, cursor, since),
      );
      return { items: items.map(revisionSeen), next };
    });
  }

  async revisions(filter: RevisionFilter, known: KnownInput, limit: number): Promise<RevisionSeen[]> {
    return pages(limit, async (cursor) => {
      const { items, next } = await this.core.ask(
        new ListRevisions(this.dossier, filter, known, limit, cursor),
      );
      return { items: items.map(revisionSeen), next };
    });
  }

  async shifts(
    { from, to, ...filter }: ShiftFilterSeen,
    known: KnownInput,
    limit: number,
  ): Promise<ShiftSeen[]> {
    const said = {
      from: from === undefined ? undefined : iso(from),
      to: to === undefined ? undefined : iso(to),
    };
    return pages(limit, async (cursor) => {
      const { items, next } = await this.core.ask(
        new ListShifts(this.dossier, { ...filter, ...said }, known, limit, cursor ?? undefined),
      );
      return { items: items.map(shiftSeen), next };
    });
  }

  async differences(
    at: readonly string[],
    known: readonly Exclude<KnownInput, undefined>[],
    limit: number,
  ): Promise<{ before: PositionSeen | null; after: PositionSeen | null }[]> {
    return pages(limit, async (cursor) => {
      const { items, next } = await this.core.ask(
        new ComparePositions(this.dossier, at, known, limit, cursor ?? undefined),
      );
      return {
        items: items.map(({ before, after }) => ({
          before: before && seen(before),
          after: after && seen(after),
        })),
        next,
      };
    });
  }
}

/** Follows a list to its end: no page may hold more than was asked for, nor less and yet not be the last. */
async function pages<T>(
  limit: number,
  read: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await read(cursor);
    all.push(...items);
    if (items.length > limit || (items.length < limit && next !== null))
      throw new Error(`A page of at most ${limit} holds ${items.length} and says that the next is ${next}.`);
    if (next === null) return all;
    cursor = next;
  }
}

/** Null for a pair without a position; whatever else is said of it than nothing shows. */
function absent({ party: _, topic: __, ...view }: Omit<PositionAt, 'known' | 'at'>): object | null {
  return JSON.stringify(Object.values(view).flat()) === '[0,false,null,null,null]' ? null : view;
}

function seen({ party, topic, voices, ...position }: PositionView): PositionSeen {
  const named = voices.map(({ speaker, ...voice }) => ({ speaker: speaker.id, ...voice }));
  return {
    ...position,
    party: party.id,
    topic: topic.id,
    voices: named.toSorted((one, other) => (one.speaker < other.speaker ? -1 : 1)),
  };
}

function shiftSeen({ party, topic, ...shift }: DossierShift): ShiftSeen {
  return { ...withSets(shift), party: party.id, topic: topic.id };
}

function revisionSeen({
  party,
  topic,
  statement,
  assessment,
  corrected: _,
  shiftsAppeared,
  shiftsDisappeared,
  ...revision
}: RevisionView): RevisionSeen {
  return {
    ...revision,
    party: party.id,
    topic: topic.id,
    record: statement?.id ?? assessment?.id ?? '',
    act: statement?.act ?? 'PositionAssessed',
    saidAt: statement?.saidAt ?? assessment?.asOf ?? '',
    shiftsAppeared: shiftsAppeared.map(withSets),
    shiftsDisappeared: shiftsDisappeared.map(withSets),
  };
}

function withSets<Shift extends Pick<ShiftSeen, 'fromConditions' | 'toConditions'>>(shift: Shift): Shift {
  const { fromConditions, toConditions } = shift;
  return { ...shift, fromConditions: asSet(fromConditions), toConditions: asSet(toConditions) };
}
