import { FLAG, ID, INSTANT, nullable, oneOf, record, SEQUENCE, TEXT, type Schemas } from '../http/answers.js';
import { AUDITS, OVERALL_ROLES, ROLES, VISIBILITIES } from './roles.js';

const RECEIPT = { sequence: SEQUENCE, recordedAt: INSTANT };
const text = nullable(TEXT);
const instant = nullable(INSTANT);

const overall = { anyOf: [oneOf(OVERALL_ROLES), { type: 'null' }] };
const reasoned = { anyOf: [record({ reason: TEXT }), { type: 'null' }] };
const revoked = { anyOf: [record({ at: INSTANT, reason: text }), { type: 'null' }] };
const NAMED = { id: ID, slug: TEXT, name: TEXT };
const origin = { anyOf: [record({ issuer: TEXT, subject: TEXT }), { type: 'null' }] };
const USER = { ...NAMED, origin, role: overall, disabled: reasoned };
const TOKEN = {
  id: ID,
  prefix: TEXT,
  label: text,
  issuedAt: INSTANT,
  expiresAt: instant,
  revoked,
  lastUsedAt: instant,
};
const MEMBER = { user: record(NAMED), role: oneOf(ROLES) };
const VISIBILITY = { visibility: oneOf(VISIBILITIES), audits: oneOf(AUDITS) };

/** What access answers. */
export const ACCESS_SCHEMAS: Schemas = {
  User: record(USER),
  UserReceipt: record({ ...USER, ...RECEIPT }),
  Token: record(TOKEN),
  TokenReceipt: record({ ...TOKEN, ...RECEIPT, token: text }),
  RevokedToken: record({ ...TOKEN, ...RECEIPT }),
  Member: record(MEMBER),
  MemberReceipt: record({ ...MEMBER, ...RECEIPT }),
  Visibility: record(VISIBILITY),
  VisibilityReceipt: record({ ...VISIBILITY, ...RECEIPT }),
  Session: record({ user: record(NAMED), expiresAt: INSTANT }),
  LoginLink: record({ path: TEXT, expiresAt: INSTANT }),
  Me: record({
    ...NAMED,
    role: overall,
    token: { anyOf: [record({ id: ID, prefix: TEXT, expiresAt: instant }), { type: 'null' }] },
    sessionEnds: instant,
  }),
  MeInDossier: record({
    role: { anyOf: [oneOf(ROLES), { type: 'null' }] },
    may: record({ read: FLAG, audit: FLAG, oversee: FLAG, record: FLAG, administer: FLAG }),
  }),
};
