import { readFile } from 'node:fs/promises';
import { connect } from '../support/queries.js';

/** A statement of SQL, the table to which the next rows belong, or a row. */
type Line =
  | { readonly sql: string }
  | { readonly table: string; readonly columns: readonly string[] }
  | { readonly row: Readonly<Record<string, unknown>> };

/** An answer of the first release's service; of a write also the body and its key. */
export interface FirstAnswer {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: object;
  readonly key?: string;
  readonly answer: object;
}

/** An event as it stands in the database. */
export interface EventRow {
  readonly sequence: number;
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

export const FIRST_TOKEN = 'the-token-of-the-first-release';

async function linesOf(name: string): Promise<string[]> {
  return (await readFile(new URL(name, import.meta.url), 'utf8')).trimEnd().split('\n');
}

export async function firstAnswers(): Promise<FirstAnswer[]> {
  return (await linesOf('first-answers.ndjson')).map((line) => JSON.parse(line) as FirstAnswer); // holds: the file never changes
}

/** Makes an empty database what the first release left; resolves with the events of its log. */
export async function restoreFirstRelease(ownerUrl: string): Promise<EventRow[]> {
  const client = await connect(ownerUrl);
  const events: EventRow[] = [];
  try {
    let table = '';
    let into = '';
    for (const text of await linesOf('first-release.ndjson')) {
      const line = JSON.parse(text) as Line; // holds: the file never changes
      if ('sql' in line) await client.query(line.sql);
      else if ('table' in line) {
        ({ table } = line);
        const columns = line.columns.join(', ');
        into = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_record(NULL::${table}, $1::json -> 'row')`;
      } else {
        await client.query(into, [text]);
        if (table === 'event') events.push(line.row as unknown as EventRow); // holds: the file never changes
      }
    }
    await client.query(`SELECT setval('migration_id_seq', (SELECT max(id) FROM migration))`);
    return events;
  } finally {
    await client.end();
  }
}
