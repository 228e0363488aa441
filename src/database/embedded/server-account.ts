import { lstat, lchown, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The operating-system account that a server runs as, when it is not our own. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root hands it to the owner of the data, else to `postgres`, else to
 * `nobody`. Anyone else runs it as himself: undefined.
 */
export async function serverAccount(data: string): Promise<ServerAccount | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = await lstat(data).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return unprivilegedAccount();
}

/** Gives a folder and all in it to the account: after root restored it from a copy, for instance. */
export async function giveTo(account: ServerAccount, path: string): Promise<void> {
  await lchown(path, account.uid, account.gid);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(account, join(path, name));
}

async function unprivilegedAccount(): Promise<ServerAccount> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map(parseAccount);
  const chosen = ['postgres', 'nobody'].map((name) => accounts.find((account) => account?.name === name));
  // 65534 is the overflow id of the Linux kernel, "nobody" wherever the name exists (user_namespaces(7)).
  return chosen.find((account) => account !== undefined) ?? { uid: 65534, gid: 65534 };
}

/** One line of passwd(5). Root under another name would be refused just as well. */
function parseAccount(line: string): (ServerAccount & { name: string }) | undefined {
  const [name = '', , uid, gid] = line.split(':');
  const account = { name, uid: Number(uid), gid: Number(gid) };
  return account.uid > 0 && account.gid >= 0 ? account : undefined;
}
