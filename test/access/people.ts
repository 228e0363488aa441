import type { Audits, OverallRole, Role, Visibility } from '../../src/access/roles.js';
import type { Service } from '../support/service.js';

export interface Person {
  readonly slug: string;
  readonly id: string;
  readonly token: string;
  readonly tokenId: string;
}

interface Issued {
  readonly id: string;
  readonly token: string;
}

/** Headers of a request that somebody makes; undefined: without any token. */
export const as = (token: string | undefined): { authorization: string | undefined } => ({
  authorization: token === undefined ? undefined : `Bearer ${token}`,
});

/** A user with a token; what the administrator does is done as the service's own client. */
export async function introduce(
  service: Service,
  slug: string,
  role: OverallRole | null = null,
): Promise<Person> {
  const { id } = await service.write<{ id: string }>('/users', { slug, role });
  const { token, id: tokenId } = await issue(service, slug);
  return { slug, id, token, tokenId };
}

export function issue(service: Service, user: string, body: object = {}): Promise<Issued> {
  return service.write<Issued>(`/users/${user}/tokens`, body);
}

export async function grant(service: Service, dossier: string, user: string, role: Role): Promise<void> {
  await done(service, 'PUT', `/dossiers/${dossier}/members/${user}`, { role });
}

export async function show(
  service: Service,
  dossier: string,
  visibility: Visibility,
  audits: Audits = 'readers',
): Promise<void> {
  await done(service, 'PUT', `/dossiers/${dossier}/visibility`, { visibility, audits });
}

export async function revoke(service: Service, { slug, tokenId }: Person): Promise<void> {
  await done(service, 'DELETE', `/users/${slug}/tokens/${tokenId}`);
}

async function done(service: Service, method: string, path: string, body?: object): Promise<void> {
  const { status, text } = await service.request(method, path, { body });
  if (status !== 200) throw new Error(`${method} ${path} answered ${status} ${text}`);
}
