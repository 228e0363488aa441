import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Cast } from '../domain/cast.js';
import { divided, positionsUntil, voicesAt, type Position } from '../domain/position.js';
import type { Named } from '../domain/rejection.js';
import type { Instant } from '../domain/said-at.js';
import { LEVELS, type Stance } from '../domain/stance.js';
import { Reading, type Known, type KnownInput } from '../dossiers/reading.js';
import { SURROUNDINGS, type Surroundings } from '../dossiers/surroundings.js';
import { collect, isAsked, some } from './board.js';
import { ChangedPairs } from '../entries/changed-pairs.js';
import { Entries, type Pair, type PairEntries } from '../entries/entries.js';
import { pairCursor, readPairFilter } from '../entries/pairs.js';
import { iso } from '../entries/shift-view.js';
import { POSITIONS } from '../entries/positions-projection.js';

/** Positions of a pair that its history in little shows, the latest. */
const RECENT = 12;

/** A position as a matrix shows it. `party` and `topic` are places in the lists beside it: a board has thousands of cells and few names. */
export interface Cell {
  readonly party: number;
  readonly topic: number;
  readonly stance: Stance;
  readonly conditions: readonly string[];
  readonly since: string;
  readonly statements: number;
  /** Where they are divided; otherwise none. */
  readonly voices: readonly { readonly speaker: Named; readonly stance: Stance }[];
  /** Since when it stood at which level: the latest positions, this one included, in said-order. */
  readonly recent: readonly { readonly from: string; readonly level: number }[];
}

export interface Overview {
  readonly known: Known;
  readonly at: string;
  readonly parties: readonly Named[];
  readonly topics: readonly Named[];
  readonly cells: readonly Cell[];
  /** Set where only pairs were asked for that may stand otherwise than as known at this sequence: all others stand as they did. */
  readonly since: number | null;
  /** Of those pairs the ones without a position. */
  readonly none: readonly Pair[];
  readonly next: string | null;
}

/** The moments of an answer that somebody has: its sequence, and its `at` (RFC 3339; left out: the `at` of the answer to come). */
export interface Since {
  readonly sequence: number;
  readonly at: string | undefined;
}

export class ShowOverview extends Query<Overview> {
  constructor(
    readonly dossier: string,
    readonly filter: {
      readonly party?: string | undefined;
      readonly topic?: string | undefined;
      readonly cursor?: string | undefined;
    },
    /** RFC 3339; left out: now. */
    readonly at: string | undefined,
    readonly known: KnownInput,
    readonly limit: number,
    /** Only what may be otherwise than in that answer, where that can be told. */
    readonly since: Since | null = null,
  ) {
    super();
  }
}

@QueryHandler(ShowOverview)
export class ShowOverviewHandler implements IQueryHandler<ShowOverview> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
    private readonly changed: ChangedPairs,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute(asked: ShowOverview): Promise<Overview> {
    const { at = this.surroundings.now(), known, limit } = asked;
    const view = await this.reading.view(asked.dossier, POSITIONS, known);
    const { cast } = view.dossier;
    const parties = new Places();
    const topics = new Places();
    const filter = readPairFilter(cast, asked.filter);
    const { since } = asked;
    const changed = since && (await this.changed.onBoard(view, since.sequence, [since.at ?? at, at]));
    const isPart = changed !== null && changed.length <= limit;
    const { items, last } = await collect(
      (range, most) =>
        isPart
          ? some(changed, range, most, (pairs) => this.entries.ofEach(view, pairs))
          : this.entries.ofPairs(view, range, Math.min(most, limit)),
      filter,
      limit,
      (pair) => cellOf(pair, Date.parse(at), cast, parties, topics),
    );
    const ids = new Set(
      items.map((cell) => `${parties.ids[cell.party] ?? ''} ${topics.ids[cell.topic] ?? ''}`),
    );
    return {
      known: view.known,
      at,
      parties: parties.ids.map((id) => cast.name('party', id)),
      topics: topics.ids.map((id) => cast.name('topic', id)),
      cells: items,
      since: isPart && since ? since.sequence : null,
      none: isPart
        ? changed.filter((pair) => isAsked(pair, filter) && !ids.has(`${pair.party} ${pair.topic}`))
        : [],
      next: pairCursor(last),
    };
  }
}

/** Each id's place in the order in which they were first asked for. */
class Places {
  private readonly places = new Map<string, number>();

  get ids(): string[] {
    return [...this.places.keys()];
  }

  of(id: string): number {
    const place = this.places.get(id) ?? this.places.size;
    this.places.set(id, place);
    return place;
  }
}

function cellOf(
  { party, topic, entries }: PairEntries,
  at: Instant,
  cast: Cast,
  parties: Places,
  topics: Places,
): Cell | null {
  const history = positionsUntil(entries, at);
  const position = history.at(-1);
  if (position === undefined) return null;
  const voices = voicesAt(entries, at);
  return {
    party: parties.of(party),
    topic: topics.of(topic),
    stance: position.stance,
    conditions: position.conditions,
    since: iso(position.from),
    statements: position.evidence.length,
    voices: divided(voices)
      ? voices.map(({ speaker, stance }) => ({ speaker: cast.name('speaker', speaker), stance }))
      : [],
    recent: recent(history),
  };
}

function recent(history: readonly Position[]): Cell['recent'] {
  return history.slice(-RECENT).map(({ from, stance }) => ({ from: iso(from), level: LEVELS[stance] }));
}
