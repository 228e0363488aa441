import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Audits, Role, Visibility } from '../../src/access/roles.js';
import type { Route } from '../support/http-contract.js';
import { Samples } from '../support/http-samples.js';
import { startService, type FreshService, type Service } from '../support/service.js';
import { addressIn, ask, type Seen } from './asking.js';
import { AUDIENCE, Issuer, newKey, seconds } from './issuer.js';
import { as, grant, introduce, issue, revoke, show } from './people.js';
import { NEEDS, type Need } from './routes.js';

/** Somebody who asks: a column of the matrix. */
interface Caller {
  readonly token: string | undefined;
  /** False: what they send is worth nothing. */
  readonly known: boolean;
  /** In the dossier that is asked about. */
  readonly role: Role | null;
  readonly overall: 'recorder' | 'administrator' | null;
}

interface Setting {
  readonly visibility: Visibility;
  readonly audits: Audits;
}

const SETTINGS: readonly Setting[] = [
  { visibility: 'members', audits: 'readers' },
  { visibility: 'members', audits: 'auditors' },
  { visibility: 'hidden', audits: 'readers' },
  { visibility: 'public', audits: 'readers' },
  { visibility: 'public', audits: 'auditors' },
];

let running: FreshService;
let service: Service;
let issuer: Issuer;
let samples: Samples;
/** By name. Whoever is known in another way becomes a column here. */
const callers = new Map<string, Caller>();

beforeAll(async () => {
  issuer = await Issuer.start([await newKey('one')], { 'of-issuer': {} });
  running = await startService({
    environment: {
      STANDPOINT_OIDC_ISSUER: issuer.url,
      STANDPOINT_OIDC_AUDIENCE: AUDIENCE,
      STANDPOINT_OIDC_ROLES: 'desk:recorder,chiefs:administrator',
      STANDPOINT_LIMIT_FAILED_LOGINS: '1000000',
    },
  });
  service = running.service;
  samples = await Samples.prepare(service);
  await service.write('/dossiers', { slug: 'elsewhere', title: 'Elsewhere' });
  const nobody = { known: false, role: null, overall: null };
  const somebody = { known: true, role: null, overall: null };
  callers.set('no token', { ...nobody, token: undefined });
  callers.set('a token that nobody has', { ...nobody, token: `sp_nobodys8_${'x'.repeat(43)}` });

  const expired = await introduce(service, 'expired');
  await grant(service, samples.dossier, expired.slug, 'recorder');
  const soon = new Date(Date.now() + 500).toISOString();
  const { token } = await issue(service, expired.slug, { expiresAt: soon });
  callers.set('an expired token', { ...nobody, token });

  const revoked = await introduce(service, 'revoked');
  await grant(service, samples.dossier, revoked.slug, 'recorder');
  await revoke(service, revoked);
  callers.set('a revoked token', { ...nobody, token: revoked.token });

  const disabled = await introduce(service, 'disabled', 'administrator');
  await service.write(`/users/${disabled.slug}/disable`, { reason: 'Left.' });
  callers.set('the token of a user who is kept out', { ...nobody, token: disabled.token });

  callers.set('a user without any role', { ...somebody, ...(await introduce(service, 'no-role')) });
  for (const role of ['reader', 'auditor', 'recorder'] as const) {
    const here = await introduce(service, role);
    await grant(service, samples.dossier, role, role);
    callers.set(`a ${role}`, { ...somebody, token: here.token, role });
    const there = await introduce(service, `${role}-elsewhere`);
    await grant(service, 'elsewhere', there.slug, role);
    callers.set(`a ${role} of another dossier`, { ...somebody, token: there.token });
  }
  const opener = await introduce(service, 'opener', 'recorder');
  callers.set('whoever may open dossiers', { ...somebody, token: opener.token, overall: 'recorder' });
  const other = await introduce(service, 'other-administrator', 'administrator');
  callers.set('an administrator', { ...somebody, token: other.token, overall: 'administrator' });
  callers.set('the first administrator', { ...somebody, token: service.token, overall: 'administrator' });
  await introduceThoseOfTheIssuer();
  while (Date.now() <= Date.parse(soon)) await new Promise((resolve) => setTimeout(resolve, 20));
}, 120_000);

afterAll(async () => {
  await issuer?.stop();
  await running?.end();
});

/** OpenID Connect: what the provider itself issues, what it would for others, and what it would not. */
async function introduceThoseOfTheIssuer(): Promise<void> {
  const nobody = { known: false, role: null, overall: null };
  const somebody = { known: true, role: null, overall: null };
  const known = async (name: string, token: string, caller: Partial<Caller> = {}): Promise<string> => {
    callers.set(`${name} of the issuer`, { ...somebody, ...caller, token });
    return (await service.get<{ slug: string }>('/me', as(token))).body.slug;
  };
  await known('a user without any role', await issuer.token('of-issuer'));
  const forge = (sub: string, claims: object = {}): Promise<string> =>
    issuer.forge({ claims: { sub, ...claims } });
  await known('whoever may open dossiers', await forge('opener', { roles: ['desk'] }), {
    overall: 'recorder',
  });
  await known('an administrator', await forge('chief', { roles: ['chiefs'] }), { overall: 'administrator' });
  const auditor = await known('an auditor', await forge('auditor'), { role: 'auditor' });
  await grant(service, samples.dossier, auditor, 'auditor');
  const gone = await known('a user who is kept out', await forge('gone', { roles: ['chiefs'] }), nobody);
  await service.write(`/users/${gone}/disable`, { reason: 'Left.' });

  const bad = { sub: 'chief', roles: ['chiefs'] };
  const [expired, misdirected, strange] = await Promise.all([
    issuer.forge({ claims: { ...bad, exp: seconds(-60) } }),
    issuer.forge({ claims: { ...bad, aud: 'https://other.example' } }),
    issuer.forge({ claims: bad, key: await newKey('one') }),
  ]);
  callers.set('an expired token of the issuer', { ...nobody, token: expired });
  callers.set('a token of the issuer that is meant for others', { ...nobody, token: misdirected });
  callers.set('a token in the issuer’s name that somebody else signed', { ...nobody, token: strange });
}

const MAY: Readonly<Record<Role, readonly Need[]>> = {
  reader: ['read'],
  auditor: ['read', 'audit', 'oversee'],
  recorder: ['read', 'audit', 'oversee', 'record'],
};

/** What the answer must be: a refusal, or whatever the first administrator is answered. */
function expected(need: Need, caller: Caller, { visibility, audits }: Setting): number | 'in' {
  const { known, token, role, overall } = caller;
  if (need === 'nothing') return 'in';
  if (!known && token !== undefined) return 401;
  if (overall === 'administrator') return 'in';
  if (need === 'enter') return known ? 'in' : 401;
  if (need === 'open') return !known ? 401 : overall === 'recorder' ? 'in' : 403;
  if (need === 'administer') return known ? 403 : 401;
  const ofReaders: readonly Need[] = audits === 'readers' ? ['read', 'audit'] : ['read'];
  const asReader = role !== null || visibility === 'public';
  if ((asReader && ofReaders.includes(need)) || (role !== null && MAY[role].includes(need))) return 'in';
  if (!known) return 401;
  return role === null && visibility === 'hidden' ? 404 : 403;
}

const CODES: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
};

function isAsExpected(wanted: number | 'in', seen: Seen, administrators: Seen): boolean {
  if (wanted === 'in') return seen.status === administrators.status;
  const { status, headers, text } = seen;
  const named = (JSON.parse(text) as { code?: string }).code === CODES[wanted];
  return (
    status === wanted &&
    named &&
    (wanted !== 401 || headers['www-authenticate']?.startsWith('Bearer') === true)
  );
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

describe('Of every route', () => {
  // Break: a new route without a line in test/access/routes.ts, or a line without a route.
  it('somebody has written down what it needs', () => {
    expect(service.contract.routes.map(nameOf).toSorted()).toEqual(Object.keys(NEEDS).toSorted());
  });

  // Break: @Needs('read') in the place of @Needs('record') anywhere.
  it('its document says the same', () => {
    for (const route of service.contract.routes)
      expect([nameOf(route), (route.operation as { 'x-needs'?: string })['x-needs']]).toEqual([
        nameOf(route),
        NEEDS[nameOf(route)],
      ]);
  });

  // Break: any entry of the tables in src/access/roles.ts; `disabled` or `expiresAt` in Authenticator.byDigest; the door's hook being preValidation.
  it.each(SETTINGS)('everybody is answered as they may be, in a dossier that is %j', async (setting) => {
    await show(service, samples.dossier, setting.visibility, setting.audits);
    const wrong: string[] = [];
    let asked = 0;
    for (const route of service.contract.routes) {
      const need = NEEDS[nameOf(route)] ?? 'administer';
      if (setting !== SETTINGS[0] && !['read', 'audit', 'oversee', 'record'].includes(need)) continue;
      const address = addressIn(samples, route);
      const administrators = await ask(service, route, address, as(service.token));
      expect([nameOf(route), [200, 204, 400].includes(administrators.status)]).toEqual([nameOf(route), true]);
      const answers = [...callers].map(async ([name, caller]) => {
        const seen = await ask(service, route, address, as(caller.token));
        const wanted = expected(need, caller, setting);
        asked++;
        if (!isAsExpected(wanted, seen, administrators))
          wrong.push(`${nameOf(route)}: ${name} → ${seen.status}, not ${wanted}: ${seen.text.slice(0, 200)}`);
      });
      await Promise.all(answers);
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(callers.size * 30);
  });
});

/** Those that depend on what is asked for, and not on when, or on how often somebody has asked. */
function tellingHeaders({ headers }: { readonly headers: Readonly<Record<string, string>> }): object {
  const changing = /^(date|x-request-id|ratelimit-(remaining|reset))$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !changing.test(name)));
}

describe('A hidden dossier', () => {
  beforeAll(() => show(service, samples.dossier, 'hidden'));

  /** As long as the slug of the samples, so that nothing differs in length either. */
  const absent = 'sampled';

  const STRANGERS = [
    'no token',
    'a revoked token',
    'a user without any role',
    'a recorder of another dossier',
    'whoever may open dossiers',
  ];

  // Break: `forbidden()` for `noSuchDossier(reference)` in Admission.ask; another text than that of Dossiers.current.
  it('is to a stranger as one that is not there: in status, headers and body, by slug and by id', async () => {
    const { id } = await service.read<{ id: string }>(`/dossiers/${samples.dossier}`);
    const pairs = [
      [samples.dossier, absent],
      [id, `${id.slice(0, -4)}${id.endsWith('0000') ? '1111' : '0000'}`],
    ] as const;
    let compared = 0;
    for (const route of service.contract.routes.filter(({ path }) => path.includes('{dossier}')))
      for (const name of STRANGERS)
        for (const [there, notThere] of pairs) {
          const { token } = callers.get(name) ?? { token: service.token };
          const [one, other] = await Promise.all([
            ask(service, route, addressIn(samples, route, there), as(token)),
            ask(service, route, addressIn(samples, route, notThere), as(token)),
          ]);
          const [headers, otherHeaders] = [tellingHeaders(one), tellingHeaders(other)];
          compared++;
          expect({ name, status: one.status, headers, text: one.text.replace(there, notThere) }).toEqual({
            name,
            status: other.status,
            headers: otherHeaders,
            text: other.text,
          });
        }
    expect(compared).toBeGreaterThan(400);
  });

  // Break: `among` being null for everybody in DossierController.list.
  it('is in nobody’s list but its members’ and the administrators’', async () => {
    for (const [name, { token, known, role, overall }] of callers) {
      if (!known) continue;
      const { body } = await service.get<{ items: { slug: string }[] }>('/dossiers?limit=500', as(token));
      const listed = body.items.some(({ slug }) => slug === samples.dossier);
      expect([name, listed]).toEqual([name, role !== null || overall === 'administrator']);
    }
  });
});
