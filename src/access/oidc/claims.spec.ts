import { readClaims, slugFor, type Bearer } from './claims.js';
import type { IssuerSettings } from './issuer-settings.js';

const SETTINGS: IssuerSettings = {
  issuer: 'https://id.example',
  audience: 'standpoint',
  nameClaim: 'preferred_username',
  rolesClaim: 'roles',
  roles: new Map([
    ['editors', 'recorder'],
    ['chiefs', 'administrator'],
  ]),
  tokenType: 'at+jwt',
  refetchSeconds: 30,
};

const read = (claims: object, settings: Partial<IssuerSettings> = {}): Bearer =>
  readClaims({ sub: 'a', exp: 1_700_000_000, ...claims }, { ...SETTINGS, ...settings }, 10);

describe('The claims of a token', () => {
  it('say who it is and until when', () => {
    expect(read({ preferred_username: ' Ana ' })).toEqual({
      origin: { issuer: 'https://id.example', subject: 'a' },
      name: 'Ana',
      role: null,
      expiresAt: '2023-11-14T22:13:30.000Z',
    });
  });

  it.each([
    [['editors'], 'recorder'],
    [['editors', 'chiefs'], 'administrator'],
    [['chiefs', 'editors'], 'administrator'],
    ['guests editors', 'recorder'],
    [['guests'], null],
    [['editors,chiefs'], null],
    [[['chiefs'], { chiefs: true }, 7, null], null],
    [{ chiefs: true }, null],
    ['constructor', null],
    [7, null],
    [null, null],
  ])('of roles %j mean %s', (roles, role) => {
    expect(read({ roles }).role).toBe(role);
  });

  it.each([
    ['realm_access.roles', { realm_access: { roles: ['chiefs'] } }, 'administrator'],
    ['https://desk.example/roles', { 'https://desk.example/roles': ['chiefs'] }, 'administrator'],
    [
      'resource_access.standpoint.roles',
      { resource_access: { standpoint: { roles: 'editors' } } },
      'recorder',
    ],
    ['realm_access.roles', { realm_access: 'roles' }, null],
    ['constructor.name', {}, null],
    ['__proto__', {}, null],
  ])('are found by name or path: %s', (rolesClaim, claims, role) => {
    expect(read(claims, { rolesClaim }).role).toBe(role);
  });

  it.each(['', '  ', 'a\nb', 'a\u0000', '\u202eanA', 'x'.repeat(201), 7, null, ['Ana'], '\ud800'])(
    'give no name that cannot be shown: %j',
    (preferred_username) => {
      expect(read({ preferred_username }).name).toBeNull();
    },
  );

  it.each([undefined, 7, '', 'x'.repeat(256), 'a\u001b[2J'])('must name a subject, not %j', (sub) => {
    expect(() => read({ sub })).toThrow('subject');
  });

  it('may say that a token is good for ever, which is the last second that can be written', () => {
    expect(read({ exp: Number.MAX_SAFE_INTEGER }).expiresAt).toBe('9999-12-31T23:59:59.000Z');
  });
});

describe('What is recorded of a user of an issuer', () => {
  const slug = (name: string | null, taken: (slug: string) => boolean = () => false): string =>
    slugFor({ ...read({}), name }, taken);

  it('is a slug, made of the name and of the origin', () => {
    expect(slug('Ana Ünal')).toMatch(/^ana-unal-[0-9a-f]{8}$/);
    expect(slug('Ana')).not.toBe(slugFor({ ...read({ sub: 'b' }), name: 'Ana' }, () => false));
    for (const name of [null, '', '统计', '--', 'x'.repeat(200), 'a'.repeat(29) + '-b', "'; DROP"])
      expect(slug(name)).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
  });

  it('is a longer one where somebody has that one', () => {
    const first = slug('Ana');
    const second = slug('Ana', (each) => each === first);
    expect(second.startsWith(first)).toBe(true);
    expect(slug('Ana', () => true)).toMatch(/^[0-9a-f]{63}$/);
  });
});
