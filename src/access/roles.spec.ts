import { mayInDossier, mayOverall, ROLES, type DossierPermission, type Role } from './roles.js';

/** Written out beside the table that decides, so that no slip in the one is a slip in the other. */
const ALLOWED: readonly (readonly [DossierPermission, 'readers' | 'auditors', readonly Role[]])[] = [
  ['read', 'readers', ['reader', 'auditor', 'recorder']],
  ['read', 'auditors', ['reader', 'auditor', 'recorder']],
  ['audit', 'readers', ['reader', 'auditor', 'recorder']],
  ['audit', 'auditors', ['auditor', 'recorder']],
  ['oversee', 'readers', ['auditor', 'recorder']],
  ['oversee', 'auditors', ['auditor', 'recorder']],
  ['record', 'readers', ['recorder']],
  ['record', 'auditors', ['recorder']],
];

describe.each(ALLOWED)('whoever wants to %s, where the log is for %s,', (permission, audits, roles) => {
  it.each(['members', 'hidden', 'public'] as const)(
    'is one of these roles, in a %s dossier',
    (visibility) => {
      const allowed = ROLES.filter((role) => mayInDossier(permission, role, { visibility, audits }));
      expect(allowed).toEqual(roles);
    },
  );

  it('is let in as a reader where the dossier is public, and nowhere else', () => {
    const asStranger = (visibility: 'members' | 'hidden' | 'public'): boolean =>
      mayInDossier(permission, null, { visibility, audits });
    expect([asStranger('members'), asStranger('hidden')]).toEqual([false, false]);
    expect(asStranger('public')).toBe(roles.includes('reader'));
  });
});

test('only recorders and administrators open dossiers, and only administrators administer', () => {
  const who = [null, 'recorder', 'administrator'] as const;
  expect(who.map((role) => mayOverall('enter', role))).toEqual([true, true, true]);
  expect(who.map((role) => mayOverall('open', role))).toEqual([false, true, true]);
  expect(who.map((role) => mayOverall('administer', role))).toEqual([false, false, true]);
});
