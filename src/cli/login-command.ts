import { Command } from 'commander';
import { keptAdminToken, TOKEN_FILE } from '../access/first-token.js';
import type { LoginLink } from '../access/sessions/login-links.js';
import { readSettings } from '../settings.js';

/** The service could not be asked: one line for the operator. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
}

export function loginCommand(): Command {
  return new Command('login')
    .description(
      'Prints a link that logs the first administrator in, once. The token is that of STANDPOINT_ADMIN_TOKEN or STANDPOINT_DATA.',
    )
    .option('--url <url>', 'where the service is; by default where HOST and PORT say')
    .action(login);
}

async function login({ url }: { url?: string }): Promise<void> {
  const { host, port, adminToken: given, dataFolder } = readSettings(process.env);
  const address = (url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`).replace(/\/+$/, '');
  const token = given ?? (await keptAdminToken(dataFolder));
  if (token === null)
    throw new LoginError(
      `There is no ${TOKEN_FILE} in ${dataFolder}: say STANDPOINT_DATA or STANDPOINT_ADMIN_TOKEN`,
    );
  const { path, expiresAt } = await askForLink(address, token);
  process.stdout.write(`${address}${path}\n(works once, until ${expiresAt})\n`);
}

async function askForLink(address: string, token: string): Promise<LoginLink> {
  const answer = await fetch(`${address}/api/v1/session/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  }).catch(() => {
    throw new LoginError(`No service answers at ${address}: start it, or say --url`);
  });
  if (answer.ok) return (await answer.json()) as LoginLink; // holds: the route says so in the API's document
  const { code } = (await answer.json().catch(() => ({}))) as { code?: unknown };
  if (code === 'unauthenticated')
    throw new LoginError(
      `The service at ${address} does not take this token: run this with the STANDPOINT_DATA or STANDPOINT_ADMIN_TOKEN that it runs with`,
    );
  throw new LoginError(`The service at ${address} answers ${answer.status} (${String(code)})`);
}
