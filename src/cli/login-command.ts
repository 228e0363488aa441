import { Command } from 'commander';
import type { LoginLink } from '../access/sessions/login-links.js';
import { post, whomToAsk } from './asking.js';

export function loginCommand(): Command {
  return new Command('login')
    .description(
      'Prints a link that logs the first administrator in, once. The token is that of STANDPOINT_ADMIN_TOKEN or STANDPOINT_DATA.',
    )
    .option('--url <url>', 'where the service is; by default where HOST and PORT say')
    .action(login);
}

async function login({ url }: { url?: string }): Promise<void> {
  const asked = await whomToAsk(url);
  const { path, expiresAt } = await post<LoginLink>(asked, '/session/links');
  process.stdout.write(`${asked.address}${path}\n(works once, until ${expiresAt})\n`);
}
