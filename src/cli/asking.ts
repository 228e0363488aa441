import { keptAdminToken, TOKEN_FILE } from '../access/first-token.js';
import { readSettings } from '../settings.js';

/** The service could not be asked: one line for the operator. */
export class AskingError extends Error {
  override readonly name = 'AskingError';
}

/** The running service and the first administrator's token, as the settings say them. */
export interface Asked {
  readonly address: string;
  readonly token: string;
}

/** Of STANDPOINT_DATA, STANDPOINT_ADMIN_TOKEN, HOST and PORT, unless an address is given. */
export async function whomToAsk(url: string | undefined): Promise<Asked> {
  const { host, port, adminToken: given, dataFolder } = readSettings(process.env);
  const address = (url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`).replace(/\/+$/, '');
  const token = given ?? (await keptAdminToken(dataFolder));
  if (token === null)
    throw new AskingError(
      `There is no ${TOKEN_FILE} in ${dataFolder}: say STANDPOINT_DATA or STANDPOINT_ADMIN_TOKEN`,
    );
  return { address, token };
}

/** What the service answers to a POST, as its API's document says it. Rejects with AskingError. */
export async function post<Answer>(asked: Asked, path: string, body?: object): Promise<Answer> {
  const answer = await ask(asked, path, { method: 'POST', ...(body && { body }) });
  return (await answer.json()) as Answer; // holds: the route says so in the API's document
}

/** What the service answers if all is well. Rejects with AskingError. */
export async function ask(
  { address, token }: Asked,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: object } = {},
): Promise<Response> {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new AskingError(`No service answers at ${address}: start it, or say --url`);
  });
  if (answer.ok) return answer;
  const { code, detail } = (await answer.json().catch(() => ({}))) as { code?: unknown; detail?: unknown }; // holds: looked at below as what it may be
  if (code === 'unauthenticated')
    throw new AskingError(
      `The service at ${address} does not take this token: run this with the STANDPOINT_DATA or STANDPOINT_ADMIN_TOKEN that it runs with`,
    );
  const why = typeof detail === 'string' ? `: ${detail}` : '';
  throw new AskingError(`The service at ${address} answers ${answer.status} (${String(code)})${why}`);
}
