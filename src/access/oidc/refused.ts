/** Why a token is refused, for the log. Whoever sent it is told nothing of it. No text of the token is in it: a stranger wrote that. */
export const REASONS = {
  'too-long': 'it is too long',
  malformed: 'it cannot be read as a signed JSON Web Token',
  'wrong-type': 'its header `typ` is not the one of access tokens (STANDPOINT_OIDC_TOKEN_TYPE)',
  'wrong-algorithm': 'its algorithm is not one that is allowed: RS, PS or ES with SHA-2, or EdDSA',
  'brings-its-own-key': 'its header says itself by which key it is to be verified',
  'critical-extension': 'its header names an extension that must be understood',
  'other-issuer': 'another issuer made it (STANDPOINT_OIDC_ISSUER)',
  'wrong-audience': 'it is meant for others (STANDPOINT_OIDC_AUDIENCE)',
  expired: 'it has expired',
  'not-yet-valid': 'it is not valid yet',
  'claim-missing': 'a claim is missing that it must have: iss, aud, sub or exp',
  'bad-claim': 'a claim is not what it must be',
  'bad-subject': 'its subject is not a text of at most 255 characters that can be shown',
  'unknown-key': 'the issuer has no key for signatures to which it belongs',
  'ambiguous-key': 'it does not say to which of the issuer’s keys it belongs',
  'bad-signature': 'its signature is wrong',
  'unusable-key': 'the issuer’s key to which it belongs cannot be used',
} as const;
export type Reason = keyof typeof REASONS;

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly reason: Reason) {
    super(REASONS[reason]);
  }
}
