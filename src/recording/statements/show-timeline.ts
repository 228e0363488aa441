import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import type { Act } from '../../domain/acts.js';
import type { ThingKind } from '../../domain/cast.js';
import type { Named } from '../../domain/rejection.js';
import { parseSaidAt, type SaidInterval } from '../../domain/said-at.js';
import { Reading, type Known, type KnownInput, type View } from '../../dossiers/reading.js';
import { pageOf } from '../../http/paging.js';
import { inSaidOrder } from '../records/record-version.js';
import { StatementLookup } from './statement-lookup.js';
import { narrow, versionsKnown, type StatementFilter } from './list-statements.js';
import { STATEMENTS } from './statements-projection.js';

/**
 * Statements as marks in time, in said-order: a column for each thing that is told of them, all of the same length. Parties, speakers, topics,
 * acts and dates are places in the lists beside, for a hundred thousand statements have few of them.
 */
export interface Timeline {
  readonly known: Known;
  readonly parties: readonly Named[];
  readonly speakers: readonly Named[];
  readonly topics: readonly Named[];
  readonly acts: readonly Act[];
  readonly dates: readonly TimelineDate[];
  readonly marks: {
    readonly id: readonly string[];
    /** Milliseconds since 1970: the place in said-order. */
    readonly said: readonly number[];
    readonly date: readonly number[];
    readonly act: readonly number[];
    readonly party: readonly (number | null)[];
    readonly speaker: readonly (number | null)[];
    readonly topic: readonly (number | null)[];
    /** The id of the statement that it answers. */
    readonly refersTo: readonly (string | null)[];
  };
  readonly next: string | null;
}

/** A date as it was given, and the milliseconds since 1970 that it lies between; null: open. */
export interface TimelineDate extends SaidInterval {
  readonly saidAt: string;
}

export class ShowTimeline extends Query<Timeline> {
  constructor(
    readonly dossier: string,
    readonly filter: Omit<StatementFilter, 'voided'>,
    readonly known: KnownInput,
    readonly limit: number,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

interface Row {
  readonly id: string;
  readonly said: Date;
  /** Null: from a build of the first release, which still serves where nothing was recorded since. */
  readonly said_at: string | null;
  readonly origin: string;
  readonly act: Act;
  readonly party: string | null;
  readonly speaker: string | null;
  readonly topic: string | null;
  readonly refers_to: string | null;
}

const COLUMNS = [
  'v.statement_id AS id',
  'v.said AS said',
  'v.said_at AS said_at',
  'v.origin AS origin',
  'v.act AS act',
  'v.party_id AS party',
  'v.speaker_id AS speaker',
  'v.topic_id AS topic',
  'v.refers_to AS refers_to',
];

@QueryHandler(ShowTimeline)
export class ShowTimelineHandler implements IQueryHandler<ShowTimeline> {
  constructor(
    private readonly reading: Reading,
    private readonly database: DataSource,
    private readonly lookup: StatementLookup,
  ) {}

  async execute({ dossier, filter, known, limit, cursor }: ShowTimeline): Promise<Timeline> {
    const view = await this.reading.view(dossier, STATEMENTS, known);
    const { cast } = view.dossier;
    const rows = versionsKnown(this.database, view);
    narrow(rows, { ...filter, voided: false }, cast);
    const found = await inSaidOrder(rows, cursor, limit).select(COLUMNS).getRawMany<Row>();
    const { items, next } = pageOf(
      found,
      limit,
      ({ said, origin }) => [said.getTime(), Number(origin)],
      (row) => row,
    );
    const given = await this.saidAt(items, view);
    const places = {
      party: new Places(),
      speaker: new Places(),
      topic: new Places(),
      act: new Places<Act>(),
      date: new Places(),
    };
    const marks = {
      id: items.map(({ id }) => id),
      said: items.map(({ said }) => said.getTime()),
      date: items.map(({ id, said }) => places.date.of(given.get(id) ?? said.toISOString())), // erased since: to be gone in the next answer
      act: items.map(({ act }) => places.act.of(act)),
      party: items.map(({ party }) => places.party.ofAny(party)),
      speaker: items.map(({ speaker }) => places.speaker.ofAny(speaker)),
      topic: items.map(({ topic }) => places.topic.ofAny(topic)),
      refersTo: items.map(({ refers_to }) => refers_to),
    };
    const named = (kind: ThingKind & keyof typeof places): Named[] =>
      places[kind].all.map((id) => cast.name(kind, id));
    return {
      known: view.known,
      parties: named('party'),
      speakers: named('speaker'),
      topics: named('topic'),
      acts: places.act.all,
      dates: places.date.all.map(dateOf),
      marks,
      next,
    };
  }

  /** When each was said, as it was given: from the log where the row does not tell. */
  private async saidAt(rows: readonly Row[], { dossier, known }: View): Promise<Map<string, string>> {
    const untold = rows.filter(({ said_at }) => said_at === null).map(({ id }) => id);
    const statements =
      untold.length === 0 ? [] : await this.lookup.asKnown(dossier.id, untold, known.sequence);
    return new Map([
      ...rows.flatMap(({ id, said_at }) => (said_at === null ? [] : [[id, said_at] as const])),
      ...statements.map(({ id, stated }) => [id, stated.saidAt] as const),
    ]);
  }
}

function dateOf(saidAt: string): TimelineDate {
  return { saidAt, ...(parseSaidAt(saidAt) ?? { earliest: null, latest: null }) };
}

/** Each thing's place in the order in which they were first asked for. */
class Places<Thing extends string = string> {
  private readonly places = new Map<Thing, number>();

  get all(): Thing[] {
    return [...this.places.keys()];
  }

  of(thing: Thing): number {
    const place = this.places.get(thing) ?? this.places.size;
    this.places.set(thing, place);
    return place;
  }

  ofAny(thing: Thing | null): number | null {
    return thing === null ? null : this.of(thing);
  }
}
