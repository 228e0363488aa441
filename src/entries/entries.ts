import type { DataSource } from 'typeorm';
import type { View } from '../dossiers/reading.js';
import type { Entry } from '../domain/position.js';
import type { Stance } from '../domain/stance.js';

export interface Pair {
  readonly party: string;
  readonly topic: string;
}

export interface PairEntries extends Pair {
  /** In said-order. */
  readonly entries: readonly Entry[];
}

export interface PairEntriesTwice extends PairEntries {
  readonly later: readonly Entry[];
}

/** An entry as it was known from one sequence until another (exclusive; null: still). */
export interface EntryVersion {
  readonly entry: Entry;
  readonly knownFrom: number;
  readonly knownTo: number | null;
}

/** Some pairs; `last` is the last of the range, which may have no entries as known and so not be among them. */
export interface Range<T> {
  readonly pairs: readonly T[];
  readonly last: Pair | null;
  readonly more: boolean;
}

interface Row {
  readonly party_id: string;
  readonly topic_id: string;
  readonly record_id: string;
  readonly act: Entry['act'];
  readonly speaker_id: string | null;
  readonly said: number;
  readonly origin: string;
  readonly stance: Stance | null;
  readonly conditions: string[] | null;
}

interface VersionRow extends Row {
  readonly known_from: string;
  readonly known_to: string | null;
}

const COLUMNS = `e.party_id, e.topic_id, e.record_id, e.act, e.speaker_id, (extract(epoch FROM e.said) * 1000)::float8 AS said, e.origin, e.stance, e.conditions`;
const KNOWN =
  'e.dossier_id = $1 AND e.build = $2 AND e.known_from <= $3 AND (e.known_to IS NULL OR e.known_to > $3)';

/** Which pairs: of a party, of a topic, after a pair in the order of their ids. */
export interface PairFilter {
  readonly party: string | null;
  readonly topic: string | null;
  readonly after: Pair | null;
}

/** Reads the entries that positions are folded from, as known. */
export class Entries {
  constructor(private readonly database: DataSource) {}

  async ofPair(view: View, { party, topic }: Pair): Promise<Entry[]> {
    const rows = await this.query(
      `SELECT ${COLUMNS} FROM position_entry e WHERE ${KNOWN} AND e.party_id = $4 AND e.topic_id = $5 ORDER BY e.said, e.origin`,
      [...knownAs(view), party, topic],
    );
    return rows.map(entryOf);
  }

  /** Every version of the pair's entries that was known at a sequence, or came to be known until another. */
  async versionsOfPair(
    { dossier, build }: View,
    { party, topic }: Pair,
    after: number,
    upTo: number,
  ): Promise<EntryVersion[]> {
    const rows: VersionRow[] = await this.database.query(
      `SELECT ${COLUMNS}, e.known_from, e.known_to FROM position_entry e
        WHERE e.dossier_id = $1 AND e.build = $2 AND e.party_id = $3 AND e.topic_id = $4
          AND e.known_from <= $6 AND (e.known_to IS NULL OR e.known_to > $5)`,
      [dossier.id, build, party, topic, after, upTo],
    );
    return rows.map((row) => ({
      entry: entryOf(row),
      knownFrom: Number(row.known_from),
      knownTo: row.known_to === null ? null : Number(row.known_to),
    }));
  }

  /** The entries of up to `limit` pairs in the order of their ids. `more`: whether pairs are left. */
  async ofPairs(view: View, filter: PairFilter, limit: number): Promise<Range<PairEntries>> {
    const { last, more } = await this.range(view, filter, limit);
    return { pairs: last === null ? [] : grouped(await this.within(view, filter, last)), last, more };
  }

  /** The entries of each of some pairs that has any as known, in the order of their ids. */
  async ofEach(view: View, pairs: readonly Pair[]): Promise<PairEntries[]> {
    const rows = await this.query(
      `SELECT ${COLUMNS} FROM position_entry e JOIN unnest($4::uuid[], $5::uuid[]) AS p(party, topic) ON e.party_id = p.party AND e.topic_id = p.topic
        WHERE ${KNOWN} ORDER BY e.party_id, e.topic_id, e.said, e.origin`,
      [...knownAs(view), pairs.map(({ party }) => party), pairs.map(({ topic }) => topic)],
    );
    return grouped(rows);
  }

  /** The entries of each of them in two states of knowledge. */
  async ofEachTwice(before: View, after: View, pairs: readonly Pair[]): Promise<PairEntriesTwice[]> {
    const [one, other] = await Promise.all([before, after].map((view) => this.ofEach(view, pairs)));
    return paired(one ?? [], other ?? []);
  }

  /** The same pairs' entries in two states of knowledge. */
  async ofPairsTwice(
    before: View,
    after: View,
    filter: PairFilter,
    limit: number,
  ): Promise<Range<PairEntriesTwice>> {
    const { last, more } = await this.range(after, filter, limit);
    if (last === null) return { pairs: [], last, more };
    const [one, other] = await Promise.all(
      [before, after].map(async (view) => grouped(await this.within(view, filter, last))),
    );
    return { pairs: paired(one ?? [], other ?? []), last, more };
  }

  private async range(
    view: View,
    filter: PairFilter,
    limit: number,
  ): Promise<{ last: Pair | null; more: boolean }> {
    const pairs = await this.pairs(view, filter, limit + 1);
    return { last: pairs.slice(0, limit).at(-1) ?? null, more: pairs.length > limit };
  }

  private within(view: View, { party, topic, after }: PairFilter, last: Pair): Promise<Row[]> {
    return this.query(
      `SELECT ${COLUMNS} FROM position_entry e WHERE ${KNOWN}
         AND ($4::uuid IS NULL OR e.party_id = $4) AND ($5::uuid IS NULL OR e.topic_id = $5)
         AND ($6::uuid IS NULL OR (e.party_id, e.topic_id) > ($6, $7::uuid)) AND (e.party_id, e.topic_id) <= ($8, $9)
       ORDER BY e.party_id, e.topic_id, e.said, e.origin`,
      [...knownAs(view), party, topic, after?.party ?? null, after?.topic ?? null, last.party, last.topic],
    );
  }

  private async pairs(
    { dossier, build }: View,
    { party, topic, after }: PairFilter,
    limit: number,
  ): Promise<Pair[]> {
    return this.database.query(
      `SELECT party_id AS party, topic_id AS topic FROM position_pair
        WHERE dossier_id = $1 AND build = $2 AND ($3::uuid IS NULL OR party_id = $3) AND ($4::uuid IS NULL OR topic_id = $4)
          AND ($5::uuid IS NULL OR (party_id, topic_id) > ($5, $6::uuid))
        ORDER BY party_id, topic_id LIMIT $7`,
      [dossier.id, build, party, topic, after?.party ?? null, after?.topic ?? null, limit],
    );
  }

  private query(sql: string, values: unknown[]): Promise<Row[]> {
    return this.database.query(sql, values);
  }
}

function knownAs({ dossier, build, known }: View): [string, number, number] {
  return [dossier.id, build, known.sequence];
}

function entryOf({ record_id, act, speaker_id, said, origin, stance, conditions }: Row): Entry {
  return {
    id: record_id,
    act,
    speaker: speaker_id,
    said,
    origin: Number(origin),
    stance,
    conditions: conditions ?? [],
  };
}

function grouped(rows: readonly Row[]): PairEntries[] {
  const pairs: (Pair & { entries: Entry[] })[] = [];
  for (const row of rows) {
    const last = pairs.at(-1);
    if (last?.party === row.party_id && last.topic === row.topic_id) last.entries.push(entryOf(row));
    else pairs.push({ party: row.party_id, topic: row.topic_id, entries: [entryOf(row)] });
  }
  return pairs;
}

function paired(before: readonly PairEntries[], after: readonly PairEntries[]): PairEntriesTwice[] {
  const pairs = new Map(
    before.map((pair) => [`${pair.party} ${pair.topic}`, { ...pair, later: [] as readonly Entry[] }]),
  );
  for (const { party, topic, entries } of after) {
    const key = `${party} ${topic}`;
    pairs.set(key, { party, topic, entries: pairs.get(key)?.entries ?? [], later: entries });
  }
  return [...pairs.values()].toSorted((one, other) =>
    `${one.party} ${one.topic}` < `${other.party} ${other.topic}` ? -1 : 1,
  );
}
