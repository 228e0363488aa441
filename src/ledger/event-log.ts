import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { RecordedEvent, Redacted } from './event.js';
import { ORDERED, REDACTION, Redactions } from './redactions.js';
import { upcast, type Upcast, type Vocabulary } from './upcasting.js';

/** Anything that runs SQL: a pool, a client in a transaction, TypeORM's manager behind an adapter. */
export type Connection = Pick<Pool | PoolClient, 'query'>;

export interface Head {
  readonly sequence: number;
  /** Of the last set-up event (see readCast); 0 if there is none. */
  readonly castSequence: number;
  /** RFC 3339; null while the log is empty. */
  readonly recordedAt: string | null;
}

interface EventRow extends QueryResultRow {
  readonly sequence: string;
  readonly id: string;
  readonly stream_kind: string;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly type: string;
  readonly schema_version: number;
  readonly recorded_at: Date;
  readonly recorded_by: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly data: unknown;
}

const FIELDS = `sequence, id, stream_kind, stream_id, stream_version, type, schema_version,
  recorded_at, recorded_by, correlation_id, causation_id`;

/** An event's data, but for those that are ordered erased and still there. */
const SHOWN = `CASE WHEN type <> '${REDACTION}' AND sequence = ANY (ARRAY(SELECT n.sequence FROM ${ORDERED})) THEN NULL ELSE data END AS data`;

/** As the index event_of_cast says it. */
const OF_CAST = `stream_kind IN ('party', 'speaker', 'topic', 'source')`;

/**
 * The next `$3` events. As sequences have no gaps that is a range, which costs what it holds; with LIMIT, PostgreSQL sorts the whole rest of a
 * log whose statistics it has not taken yet. Of some types nobody knows how far it goes.
 */
const NEXT = 'AND sequence <= $2::bigint + $3::bigint ORDER BY sequence';
const NEXT_OF_TYPES = 'AND type = ANY($4) ORDER BY sequence LIMIT $3';

/** An event without data that nothing has ordered erased. */
const LOST = 'its data are gone, and no event says why';

/**
 * Bytes of data, as they are stored, after which a page takes no further event: hundreds of statements, or a few long texts. PostgreSQL keeps
 * long ones compressed, rarely below a third and never below a two hundredth of their length.
 */
const MOST_BYTES = 1_000_000;

/** Events in order, and whether nothing followed them when they were read. False is safe: another look finds nothing then. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  readonly isLast: boolean;
}

/** Reads dossiers' logs. Old events are upcast here, so that nobody else knows that they were ever different. */
export class EventLog {
  constructor(
    private readonly connection: Connection,
    private readonly vocabulary: Vocabulary | null = null,
    private readonly asText = false,
  ) {}

  /** The same log, read through another connection: inside a transaction. */
  through(connection: Connection): EventLog {
    return new EventLog(connection, this.vocabulary, this.asText);
  }

  /** The same log as it is stored: nothing is upcast, nothing is obscure, and an event's data are their text, byte for byte. */
  stored(): EventLog {
    return new EventLog(this.connection, null, true);
  }

  /** What was ordered erased from these logs. */
  get redactions(): Redactions {
    return new Redactions(this.connection);
  }

  /** Null: there is no such dossier. */
  async head(dossier: string): Promise<Head | null> {
    const { rows } = await this.connection.query<{
      sequence: string;
      cast_sequence: string | null;
      recorded_at: Date;
    }>({
      name: 'head',
      text: `SELECT h.sequence, h.recorded_at, (
               SELECT e.sequence FROM event e WHERE e.dossier_id = $1 AND ${OF_CAST} ORDER BY e.sequence DESC LIMIT 1
             ) AS cast_sequence
               FROM dossier_head h WHERE h.dossier_id = $1`,
      values: [dossier],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const sequence = Number(row.sequence);
    return {
      sequence,
      castSequence: Number(row.cast_sequence ?? 0),
      recordedAt: sequence > 0 ? row.recorded_at.toISOString() : null,
    };
  }

  /** All up to `limit` events after a sequence, in order; of some types only where they are named. Where many or long ones are meant, page. */
  async read(
    dossier: string,
    after: number,
    limit: number,
    types?: readonly string[],
  ): Promise<RecordedEvent[]> {
    const all: RecordedEvent[] = [];
    for (let isLast = false; !isLast && all.length < limit;) {
      const page = await this.page(dossier, all.at(-1)?.sequence ?? after, limit - all.length, types);
      all.push(...page.events);
      isLast = page.isLast;
    }
    return all;
  }

  /** As read, but no more of them at a time than memory should hold: at least one where there is one. */
  async page(dossier: string, after: number, limit: number, types?: readonly string[]): Promise<EventPage> {
    const [kind, condition] = types === undefined ? ['events', NEXT] : ['events of types', NEXT_OF_TYPES];
    const rows = await this.rows<EventRow & { readonly size: string }>(
      kind,
      `SELECT ${FIELDS}, ${this.data}, size FROM (
         SELECT *, sum(coalesce(pg_column_size(data), 0)) OVER (ORDER BY sequence) AS size FROM (
           SELECT ${FIELDS}, data FROM event WHERE dossier_id = $1 AND sequence > $2 ${condition}
         ) event
       ) event
        WHERE size - coalesce(pg_column_size(data), 0) < ${MOST_BYTES} ORDER BY sequence`,
      [dossier, after, limit, ...(types === undefined ? [] : [types])],
    );
    const isLast = rows.length < limit && Number(rows.at(-1)?.size ?? 0) < MOST_BYTES;
    return { events: await this.recordedAll(dossier, rows), isLast };
  }

  /** The set-up events after a sequence: parties, speakers, topics, sources (not the sources' texts). */
  readCast(dossier: string, after: number): Promise<RecordedEvent[]> {
    const condition = `WHERE dossier_id = $1 AND sequence > $2 AND ${OF_CAST} ORDER BY sequence`;
    return this.select('events of cast', condition, [dossier, after]);
  }

  /** The events of some streams, each stream's in order; with `upTo`, only those of that sequence and before. */
  readStreams(
    dossier: string,
    streams: readonly string[],
    upTo = Number.MAX_SAFE_INTEGER,
  ): Promise<RecordedEvent[]> {
    const condition =
      'WHERE dossier_id = $1 AND stream_id = ANY($2) AND sequence <= $3 ORDER BY stream_id, stream_version';
    return this.select('events of streams', condition, [dossier, streams, upTo]);
  }

  /** Which streams bear which of these claimed names. */
  async claimed(dossier: string, names: readonly string[]): Promise<Map<string, string>> {
    if (names.length === 0) return new Map();
    const { rows } = await this.connection.query<{ name: string; stream_id: string }>({
      name: 'claims',
      text: 'SELECT name, stream_id FROM claim WHERE dossier_id = $1 AND name = ANY($2)',
      values: [dossier, names],
    });
    return new Map(rows.map(({ name, stream_id }) => [name, stream_id]));
  }

  /** The names that these streams have claimed, each stream's first one. Costs a look at all names of the dossier. */
  async claimsOf(dossier: string, streams: readonly string[]): Promise<Map<string, string>> {
    if (streams.length === 0) return new Map();
    const { rows } = await this.connection.query<{ name: string; stream_id: string }>({
      name: 'claims of streams',
      text: 'SELECT name, stream_id FROM claim WHERE dossier_id = $1 AND stream_id = ANY($2) ORDER BY name DESC',
      values: [dossier, streams],
    });
    return new Map(rows.map(({ name, stream_id }) => [stream_id, name]));
  }

  /** What was answered to each of these idempotency keys, as far as they were used. */
  async answered(dossier: string, keys: readonly string[]): Promise<Map<string, Answered>> {
    const { rows } = await this.connection.query<{
      key: string;
      fingerprint: Buffer;
      sequence: string;
      recorded_at: Date;
      answer: unknown;
    }>({
      name: 'idempotency',
      text: `SELECT key, fingerprint, sequence, recorded_at,
                    CASE WHEN EXISTS (SELECT FROM ${ORDERED} AND tells_of(answer, r.stream_id)) THEN NULL ELSE answer END AS answer
               FROM idempotency WHERE dossier_id = $1 AND key = ANY($2)`,
      values: [dossier, keys],
    });
    return new Map(
      rows.map(({ key, fingerprint, sequence, recorded_at, answer }) => [
        key,
        { fingerprint, first: Number(sequence), recordedAt: recorded_at.toISOString(), answer },
      ]),
    );
  }

  /** The last sequence recorded at or before an instant (RFC 3339); 0 if there was none. */
  async sequenceKnownAt(dossier: string, instant: string): Promise<number> {
    const { rows } = await this.connection.query<{ sequence: string }>({
      name: 'sequence known at',
      text: 'SELECT sequence_known_at($1, $2) AS sequence',
      values: [dossier, instant],
    });
    return Number(rows[0]?.sequence ?? 0);
  }

  /** `values` begin with the dossier. */
  private async select(
    name: string,
    condition: string,
    values: readonly [dossier: string, ...others: unknown[]],
  ): Promise<RecordedEvent[]> {
    const rows = await this.rows<EventRow>(
      name,
      `SELECT ${FIELDS}, ${this.data} FROM event ${condition}`,
      values,
    );
    return this.recordedAll(values[0], rows);
  }

  private get data(): string {
    return this.asText ? 'data::text' : SHOWN;
  }

  private async rows<Row extends EventRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const { rows } = await this.connection.query<Row>({
      name: this.asText ? `${name} as stored` : name,
      text,
      values: [...values],
    });
    return rows;
  }

  private async recordedAll(dossier: string, rows: readonly EventRow[]): Promise<RecordedEvent[]> {
    const erased = rows.filter(({ data }) => data === null).map(({ sequence }) => Number(sequence));
    const redactions = await this.redactions.of(dossier, erased);
    return rows.map((row) => this.recorded(row, redactions.get(Number(row.sequence)) ?? null));
  }

  private recorded(row: EventRow, redacted: Redacted | null): RecordedEvent {
    const { schemaVersion, data, obscure } = this.content(row, redacted);
    return {
      sequence: Number(row.sequence),
      id: row.id,
      streamKind: row.stream_kind,
      streamId: row.stream_id,
      streamVersion: row.stream_version,
      type: row.type,
      schemaVersion,
      data,
      obscure,
      redacted: row.data === null ? redacted : null,
      recordedAt: row.recorded_at.toISOString(),
      recordedBy: row.recorded_by,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
    };
  }

  private content(row: EventRow, redacted: Redacted | null): Upcast {
    const { type, data, schema_version: schemaVersion } = row;
    if (data === null)
      return { schemaVersion, data, obscure: redacted === null && this.vocabulary !== null ? LOST : null };
    return upcast(this.vocabulary, { type, schemaVersion, data });
  }
}

export interface Answered {
  readonly fingerprint: Buffer;
  readonly first: number;
  readonly recordedAt: string;
  readonly answer: unknown;
}
