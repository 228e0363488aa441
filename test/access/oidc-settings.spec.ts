import { describe, expect, it } from '@jest/globals';
import { readSettings, SettingError } from '../../src/settings.js';

const GOOD = {
  STANDPOINT_OIDC_ISSUER: 'https://id.example/realms/desk',
  STANDPOINT_OIDC_AUDIENCE: 'standpoint',
};

describe('The settings of an issuer', () => {
  it('are those of none, unless one is given', () => {
    expect(readSettings({}).issuer).toBeNull();
    expect(readSettings({ STANDPOINT_OIDC_ISSUER: ' ', STANDPOINT_OIDC_ROLES: '' }).issuer).toBeNull();
  });

  it('need two variables', () => {
    expect(readSettings(GOOD).issuer).toEqual({
      issuer: 'https://id.example/realms/desk',
      audience: 'standpoint',
      nameClaim: 'preferred_username',
      rolesClaim: 'roles',
      roles: new Map(),
      tokenType: 'at+jwt',
      refetchSeconds: 30,
    });
  });

  it('may name values with colons in them', () => {
    const roles = 'urn:desk:editors:recorder, chief editors : administrator,';
    expect(readSettings({ ...GOOD, STANDPOINT_OIDC_ROLES: roles }).issuer?.roles).toEqual(
      new Map([
        ['urn:desk:editors', 'recorder'],
        ['chief editors', 'administrator'],
      ]),
    );
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1:8080/realms/desk', 'http://[::1]:8080'])(
    'may name an issuer on this machine without TLS: %s',
    (address) => {
      expect(readSettings({ ...GOOD, STANDPOINT_OIDC_ISSUER: address }).issuer?.issuer).toBe(address);
    },
  );

  // Break: any check of `issuer` in src/settings.ts.
  it.each([
    [
      'STANDPOINT_OIDC_ISSUER',
      ['http://id.example', 'id.example', 'https://id.example/?a=b', 'https://id.example/#a'],
    ],
    [
      'STANDPOINT_OIDC_ISSUER',
      ['https://ana@id.example', 'ftp://localhost', 'http://127.0.0.1.id.example', 'https://'],
    ],
    ['STANDPOINT_OIDC_ROLES', ['editors', 'editors:reader', ':recorder', 'a:recorder,a:administrator']],
    ['STANDPOINT_OIDC_TOKEN_TYPE', ['jwt', 'any']],
    ['STANDPOINT_OIDC_REFETCH_SECONDS', ['0', '-1', '1.5', '10000', 'often']],
  ])('stop a start with a line that names a wrong %s', (name, texts) => {
    for (const text of texts) {
      expect(() => readSettings({ ...GOOD, [name]: text })).toThrow(SettingError);
      expect(() => readSettings({ ...GOOD, [name]: text })).toThrow(new RegExp(`^${name} must .*[^\n]$`));
    }
  });

  it.each([
    ['STANDPOINT_OIDC_AUDIENCE', { STANDPOINT_OIDC_ISSUER: 'https://id.example' }],
    ['STANDPOINT_OIDC_ISSUER', { STANDPOINT_OIDC_AUDIENCE: 'standpoint' }],
    ['STANDPOINT_OIDC_ISSUER', { STANDPOINT_OIDC_ROLES: 'editors:recorder' }],
  ])('stop a start that leaves %s out and gives %j', (name, environment) => {
    expect(() => readSettings(environment)).toThrow(new RegExp(`^${name} must `));
  });
});
