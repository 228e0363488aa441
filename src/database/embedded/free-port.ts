import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152). Within that
 * range a client that retries while the server is down can be given the server's own port and connect to
 * itself, and the server could never have it back.
 */
const range = { from: 20_000, to: 32_000 } as const;
const attempts = 200;

/** A port of 127.0.0.1 that was free a moment ago; whoever binds it must be ready to find it taken. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(range.from, range.to);
    if (await isFree(port)) return port;
  }
  throw new EmbeddedPostgresError(`No free port for PostgreSQL between ${range.from} and ${range.to}`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
