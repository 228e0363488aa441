import { booleans, instants, integers, jsons, longs, texts, uuids } from '../ledger/binary-array.js';
import type { Target } from '../ledger/projection.js';
import type { Versions } from './versions.js';

/** How a column's values travel: as a binary array, which PostgreSQL need not parse. */
const COLUMN_TYPES = {
  uuid: { array: 'uuid[]', encode: uuids },
  text: { array: 'text[]', encode: texts },
  /** As JSON text. */
  json: { array: 'json[]', encode: jsons },
  integer: { array: 'integer[]', encode: integers },
  bigint: { array: 'bigint[]', encode: longs },
  boolean: { array: 'boolean[]', encode: booleans },
  /** Milliseconds since 1970. */
  instant: { array: 'timestamptz[]', encode: instants },
} as const;

type ColumnType = keyof typeof COLUMN_TYPES;
type TypeFor<Value> = Value extends number
  ? 'integer' | 'bigint' | 'instant'
  : Value extends boolean
    ? 'boolean'
    : 'uuid' | 'text' | 'json';

/** A table of versioned rows: the dossier, the build, the record, from and until which sequence it is known, and what the row says. */
export interface VersionTable<Row extends object> {
  readonly name: string;
  /** Of the projection that the rows belong to. */
  readonly projection: string;
  /** The column of the record's id. */
  readonly record: string;
  readonly fields: { readonly [Field in keyof Row & string]: TypeFor<NonNullable<Row[Field]>> };
  /** Columns that the database computes, as SQL over the row `r`, and the fields that they are computed from, which are no columns. */
  readonly computed?: {
    readonly columns: Readonly<Record<string, string>>;
    readonly from: readonly string[];
  };
}

/** Writes what a batch of events did to the rows, in one statement for those that end and one for those that begin; and first takes back those of what was erased. */
export async function writeVersions<Row extends object>(
  table: VersionTable<Row>,
  versions: Versions<Row>,
  target: Target,
): Promise<void> {
  await erase(table, versions, target);
  await close(table, versions, target);
  await insert(table, versions, target);
}

/**
 * In every build: those that nobody carries on any more must not keep what was erased either. Whoever erases the same rows at the same time
 * finds them in the same order.
 */
async function erase<Row extends object>(
  { name, projection, record }: VersionTable<Row>,
  versions: Versions<Row>,
  { manager, dossier }: Target,
): Promise<void> {
  const records = versions.erasures();
  if (records.length === 0) return;
  await manager.query(
    `DELETE FROM ${name} v WHERE v.dossier_id = $1 AND v.${record} = ANY($3::uuid[])
        AND v.build IN (SELECT b.build FROM projection_build b WHERE b.dossier_id = $1 AND b.name = $2)`,
    [dossier, projection, uuids(records)],
  );
}

async function close<Row extends object>(
  { name, record }: VersionTable<Row>,
  versions: Versions<Row>,
  { manager, dossier, build }: Target,
): Promise<void> {
  const closings = versions.closings();
  if (closings.length === 0) return;
  const records = uuids(closings.map((each) => each.record));
  const sequences = longs(closings.map(({ sequence }) => sequence));
  await manager.query(
    `UPDATE ${name} v SET known_to = c.sequence FROM unnest($3::uuid[], $4::bigint[]) AS c(record, sequence)
      WHERE v.dossier_id = $1 AND v.build = $2 AND v.${record} = c.record AND v.known_to IS NULL`,
    [dossier, build, records, sequences],
  );
}

async function insert<Row extends object>(
  table: VersionTable<Row>,
  versions: Versions<Row>,
  { manager, dossier, build }: Target,
): Promise<void> {
  const rows = versions.insertions();
  if (rows.length === 0) return;
  const fields = Object.entries<ColumnType>(table.fields);
  const values = fields.map(([field, type]) => {
    const encode = COLUMN_TYPES[type].encode as (values: readonly unknown[]) => Buffer; // holds: the table gives each field a type for its values
    return encode(rows.map(({ row }) => (row as Record<string, unknown>)[field])); // holds: any object may be read so
  });
  await manager.query(insertion(table, fields), [
    dossier,
    build,
    uuids(rows.map(({ record }) => record)),
    longs(rows.map(({ knownFrom }) => knownFrom)),
    longs(rows.map(({ knownTo }) => knownTo)),
    ...values,
  ]);
}

function insertion<Row extends object>(
  { name, record, computed = { columns: {}, from: [] } }: VersionTable<Row>,
  fields: readonly (readonly [string, ColumnType])[],
): string {
  const read = ['record', 'known_from', 'known_to', ...fields.map(([field]) => field)];
  const arrays = ['uuid[]', 'bigint[]', 'bigint[]', ...fields.map(([, type]) => COLUMN_TYPES[type].array)];
  const plain = read.slice(1).filter((column) => !computed.from.includes(column));
  const columns = ['dossier_id', 'build', record, ...plain, ...Object.keys(computed.columns)];
  return `INSERT INTO ${name} (${columns.join(', ')})
    SELECT ${['$1::uuid', '$2::integer', 'r.record', ...plain.map((column) => `r.${column}`), ...Object.values(computed.columns)].join(', ')}
      FROM unnest(${arrays.map((type, index) => `$${index + 3}::${type}`).join(', ')}) AS r(${read.join(', ')})`;
}
