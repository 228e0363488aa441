import type { Surroundings } from '../../dossiers/surroundings.js';
import type { AccessLog } from '../log/access-log.js';
import type { AccessWriter } from '../log/access-writer.js';
import { IssuerKeys } from './issuer-keys.js';
import type { IssuerSettings } from './issuer-settings.js';
import { IssuerTokens } from './issuer-tokens.js';
import { IssuersUsers } from './issuers-users.js';
import { Refusals } from './refusals.js';
import { verifyToken } from './verify-token.js';

/** Milliseconds between two looks at the issuer's keys. */
const LOOK = 600_000;

export interface IssuerParts {
  readonly access: AccessLog;
  readonly writer: AccessWriter;
  readonly surroundings: Surroundings;
  /** Milliseconds, from any beginning, never backwards. */
  readonly clock: () => number;
  readonly complain: (line: string) => void;
}

/** Puts together what tells the tokens of an issuer. Its keys are asked for already; nobody waits for them, and a start does not need them. */
export function issuerTokens(settings: IssuerSettings, parts: IssuerParts): IssuerTokens {
  const { access, writer, clock, complain } = parts;
  const { now, newId } = parts.surroundings;
  const { issuer, refetchSeconds } = settings;
  const keys = new IssuerKeys({ issuer, refetchSeconds, clock, complain });
  const users = new IssuersUsers({ access, writer, newId });
  keys.keepFresh(LOOK);
  return new IssuerTokens({
    verify: (token) => verifyToken(token, { settings, keys: keys.find, now }),
    userOf: (bearer) => users.idOf(bearer),
    refusals: new Refusals(complain, clock),
  });
}
