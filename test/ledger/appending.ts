import type { Pool } from 'pg';
import type { AppendOutcome, Idempotency } from '../../src/ledger/event.js';
import type { TestLedger } from './test-ledger.js';

export async function sequencesOf({ log }: TestLedger, dossier: string): Promise<number[]> {
  return (await log.read(dossier, 0, 100_000)).map(({ sequence }) => sequence);
}

export const statuses = (outcomes: readonly AppendOutcome[]): string[] =>
  outcomes.map(({ status }) => status);

/** Keeps whoever appends to the dossier waiting, so that appends gather; call the answer to let them go. */
export async function holdHead({ pool }: TestLedger, dossier: string): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM dossier_head WHERE dossier_id = $1 FOR UPDATE', [dossier]);
  return async () => {
    await client.query('COMMIT');
    client.release();
  };
}

/** The same pool, and how many queries its connections have been asked. */
export function counted(pool: Pool): { pool: Pool; queries: () => number } {
  let queries = 0;
  const counting = <T extends object>(asked: T): T =>
    new Proxy(asked, {
      get: (target, name) => {
        if (name === 'query') queries++;
        if (name === 'connect') return async () => counting(await pool.connect());
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  return { pool: counting(pool), queries: () => queries };
}

export function key(name: string, request: string, answer: unknown = { sequence: 0 }): Idempotency {
  return { key: name, fingerprint: Buffer.from(request), answer: JSON.stringify(answer) };
}
