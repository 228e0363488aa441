import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import type { Cast } from '../domain/cast.js';
import type { Named } from '../domain/rejection.js';
import { shiftKind, type ShiftKind } from '../domain/shift.js';
import { sameStance, type QualifiedStance, type Stance } from '../domain/stance.js';
import { Reading, type KnownInput, type View } from '../dossiers/reading.js';
import { readCursor, writeCursor, type Page } from '../http/paging.js';
import { readPairFilter } from '../entries/pairs.js';
import type { Pair } from '../entries/entries.js';
import { viewShift, type ShiftView } from '../entries/shift-view.js';
import { POSITIONS } from '../entries/positions-projection.js';

export interface DossierShift extends ShiftView {
  readonly party: Named;
  readonly topic: Named;
}

export interface ShiftFilter {
  readonly party?: string | undefined;
  readonly topic?: string | undefined;
  readonly kind?: string | undefined;
  /** RFC 3339, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The dossier's shifts in said-order, as known. */
export class ListShifts extends Query<Page<DossierShift>> {
  constructor(
    readonly dossier: string,
    readonly filter: ShiftFilter,
    readonly known: KnownInput,
    readonly limit: number,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

/** An entry with a stance, and the one before it in its pair. */
interface Step extends Pair {
  readonly id: string;
  readonly said: number;
  readonly origin: string;
  readonly stance: Stance;
  readonly conditions: string[] | null;
  readonly before_stance: Stance | null;
  readonly before_conditions: string[] | null;
}

/** Steps read at a time. */
const READ = 1_000;

@QueryHandler(ListShifts)
export class ListShiftsHandler implements IQueryHandler<ListShifts> {
  constructor(
    private readonly reading: Reading,
    private readonly database: DataSource,
  ) {}

  async execute({ dossier, filter, known, limit, cursor }: ListShifts): Promise<Page<DossierShift>> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const { cast } = view.dossier;
    const pairs = readPairFilter(cast, { party: filter.party, topic: filter.topic });
    const items: DossierShift[] = [];
    let place = readCursor(cursor, ['number', 'number']);
    for (;;) {
      const steps = await this.steps(view, pairs, filter, place);
      for (const step of steps) {
        const shift = shiftOf(step, filter.kind, cast);
        if (shift !== null && items.length === limit) return { items, next: place && writeCursor(place) };
        if (shift !== null) items.push(shift);
        place = [step.said, Number(step.origin)];
      }
      if (steps.length < READ) return { items, next: null };
    }
  }

  /**
   * Whether an entry shifts its party's position depends on nothing but the entry with a stance before it: where the two differ, one position
   * ends and the next begins. So a page costs what lies between its shifts, however long the dossier is. (The inner condition is written so that
   * no planner, however little it knows of the table yet, can look for the entry before along the whole dossier instead of along the pair.)
   */
  private steps(
    { dossier, build, known }: View,
    pairs: { party: string | null; topic: string | null },
    { from, to }: ShiftFilter,
    after: readonly [number, number] | null,
  ): Promise<Step[]> {
    const place = after && new Date(after[0]).toISOString();
    return this.database.query(
      `SELECT e.party_id AS party, e.topic_id AS topic, e.record_id AS id, (extract(epoch FROM e.said) * 1000)::float8 AS said, e.origin,
              e.stance, e.conditions, b.stance AS before_stance, b.conditions AS before_conditions
         FROM position_entry e
         LEFT JOIN LATERAL (
           SELECT p.stance, p.conditions FROM position_entry p
            WHERE p.dossier_id = $1 AND p.build = $2 AND p.party_id = e.party_id AND p.topic_id = e.topic_id AND coalesce(p.stance, '') <> ''
              AND p.known_from <= $3 AND (p.known_to IS NULL OR p.known_to > $3) AND (p.said, p.origin) < (e.said, e.origin)
            ORDER BY p.said DESC, p.origin DESC LIMIT 1) b ON true
        WHERE e.dossier_id = $1 AND e.build = $2 AND e.stance IS NOT NULL AND e.known_from <= $3 AND (e.known_to IS NULL OR e.known_to > $3)
          AND ($4::uuid IS NULL OR e.party_id = $4) AND ($5::uuid IS NULL OR e.topic_id = $5)
          AND ($6::timestamptz IS NULL OR e.said >= $6) AND ($7::timestamptz IS NULL OR e.said <= $7)
          AND ($8::timestamptz IS NULL OR (e.said, e.origin) > ($8, $9::bigint))
        ORDER BY e.said, e.origin LIMIT ${READ}`,
      [
        dossier.id,
        build,
        known.sequence,
        pairs.party,
        pairs.topic,
        from ?? null,
        to ?? null,
        place,
        after?.[1] ?? null,
      ],
    );
  }
}

/** Null where the position goes on, or where the shift is of another kind than is asked for. */
function shiftOf(step: Step, kind: string | undefined, cast: Cast): DossierShift | null {
  const to: QualifiedStance = { stance: step.stance, conditions: step.conditions ?? [] };
  const from: QualifiedStance | null = step.before_stance && {
    stance: step.before_stance,
    conditions: step.before_conditions ?? [],
  };
  if (from !== null && sameStance(from, to)) return null;
  const named: ShiftKind = shiftKind(from, to);
  if (kind !== undefined && kind !== named) return null;
  const shift = viewShift({ at: step.said, kind: named, from, to, statement: step.id });
  return { party: cast.name('party', step.party), topic: cast.name('topic', step.topic), ...shift };
}
