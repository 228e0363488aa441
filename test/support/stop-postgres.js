import { once } from 'node:events';

/** Jest's globalTeardown. */
export default async function stopPostgres() {
  const child = globalThis.postgresForTests;
  if (child === undefined || child.exitCode !== null) return;
  child.stdin.end();
  await once(child, 'exit');
}
