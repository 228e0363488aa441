import { Rejection } from '../../domain/rejection.js';
import type { AccessLog } from '../log/access-log.js';
import type { AccessDecision, AccessWriter } from '../log/access-writer.js';
import type { AccessState, User } from '../log/state.js';
import { fingerprintOfOrigin } from '../origin.js';
import { slugFor, type Bearer } from './claims.js';

/** In whose name users are created whom an issuer vouches for: nobody of this name can be a user. */
const RECORDED_BY = 'standpoint';

/** How often somebody else may be quicker. */
const TRIES = 5;

export interface IssuersUsersOptions {
  readonly access: AccessLog;
  readonly writer: AccessWriter;
  readonly newId: () => string;
}

/** Users of an issuer become users here when they are first seen, so that dossiers can be granted to them like to others. */
export class IssuersUsers {
  private readonly writing = new Map<string, Promise<string>>();

  constructor(private readonly options: IssuersUsersOptions) {}

  /** The id of a user, who is created where they were never seen, and renamed where their issuer has another name for them. */
  async idOf(bearer: Bearer): Promise<string> {
    const known = settled(this.options.access.state, bearer);
    if (known !== null) return known;
    const print = fingerprintOfOrigin(bearer.origin);
    const written = this.writing.get(print) ?? this.write(bearer).finally(() => this.writing.delete(print));
    this.writing.set(print, written);
    return written;
  }

  /** Another process may see them at the same time: the log takes one, and here it is looked who that is. */
  private async write(bearer: Bearer): Promise<string> {
    const { access, writer, newId } = this.options;
    const provenance = { recordedBy: RECORDED_BY, correlationId: newId(), causationId: null };
    for (let attempt = 1; ; attempt++) {
      await access.refresh();
      const known = settled(access.state, bearer);
      if (known !== null) return known;
      const id = newId();
      try {
        const meeting = await writer.write({ provenance, idempotency: null }, (state) =>
          meet(state, id, bearer),
        );
        return meeting.user;
      } catch (error) {
        const isTaken = error instanceof Rejection && error.code === 'slug-taken';
        if (!isTaken || attempt === TRIES) throw error;
      }
    }
  }
}

const userOf = (state: AccessState, { origin }: Bearer): User | undefined =>
  state.usersByOrigin.get(fingerprintOfOrigin(origin));

/** The id of a user of whom nothing is to be written; null: something is. Somebody who is kept out is nobody to write about. */
function settled(state: AccessState, bearer: Bearer): string | null {
  const known = userOf(state, bearer);
  if (known === undefined) return null;
  return bearer.name === null || bearer.name === known.name || known.disabled !== null ? known.id : null;
}

/** `newId`: of a user who was never seen. */
function meet(state: AccessState, newId: string, bearer: Bearer): AccessDecision<{ readonly user: string }> {
  const { origin, name } = bearer;
  const known = userOf(state, bearer);
  if (known !== undefined)
    return {
      stream: 'user',
      id: known.id,
      events: [{ type: 'UserRenamed', data: { name: name ?? known.name } }],
      answer: { user: known.id },
    };
  const slug = slugFor(bearer, (each) => state.usersBySlug.has(each));
  return {
    stream: 'user',
    id: newId,
    events: [{ type: 'UserCreated', data: { slug, name: name ?? origin.subject, origin } }],
    claims: [
      { name: `user/${slug}`, streamId: newId },
      { name: `origin/${fingerprintOfOrigin(origin)}`, streamId: newId },
    ],
    answer: { user: newId },
  };
}
