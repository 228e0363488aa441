import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { DEFAULT_SETTINGS, OVERALL_ROLES, ROLES, VISIBILITIES, AUDITS } from '../roles.js';
import type { AccessEvent, AccessEvents, AccessEventType } from './events.js';
import { AccessState, evolve, FIRST_ADMINISTRATOR } from './state.js';

const seed = Number(process.env['STANDPOINT_TEST_SEED'] ?? randomInt(2 ** 31));

const USERS = ['ana', 'ben', 'cem', FIRST_ADMINISTRATOR.id] as const;
const DOSSIERS = ['talks', 'rail', 'harbour'] as const;
const TOKENS = ['t1', 't2', 't3', 't4'] as const;

type Draft = {
  readonly [Type in AccessEventType]: { type: Type; data: AccessEvents[Type] };
}[AccessEventType] & {
  readonly streamId: string;
};

const user = fc.constantFrom(...USERS);
const dossier = fc.constantFrom(...DOSSIERS);
const token = fc.constantFrom(...TOKENS);
const reason = 'So it was decided.';

/** Any event, in any order: also of users, tokens and roles that are not there. */
const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc.oneof(
    user.map((id): Draft => ({ type: 'UserDisabled', streamId: id, data: { reason } })),
    user.map((id): Draft => ({ type: 'UserEnabled', streamId: id, data: { reason } })),
    fc.tuple(user, token).map(([id, each]): Draft => issued(id, each)),
    fc.tuple(user, token).map(([id, each]): Draft => {
      return { type: 'TokenRevoked', streamId: id, data: { token: each, reason } };
    }),
    fc.tuple(dossier, user, fc.constantFrom(...ROLES)).map(([within, id, role]): Draft => {
      return { type: 'RoleGranted', streamId: within, data: { dossier: within, user: id, role, reason } };
    }),
    fc.tuple(user, fc.constantFrom(...OVERALL_ROLES)).map(([id, role]): Draft => {
      return { type: 'RoleGranted', streamId: id, data: { dossier: null, user: id, role, reason } };
    }),
    fc.tuple(fc.option(dossier), user).map(([within, id]): Draft => {
      return { type: 'RoleRevoked', streamId: within ?? id, data: { dossier: within, user: id, reason } };
    }),
    fc
      .tuple(dossier, fc.constantFrom(...VISIBILITIES), fc.constantFrom(...AUDITS))
      .map(([within, visibility, audits]): Draft => {
        const data = { dossier: within, visibility, audits, reason };
        return { type: 'DossierVisibilitySet', streamId: within, data };
      }),
  ),
  { maxLength: 60 },
);

function issued(id: string, each: string): Draft {
  const data = { token: each, digest: `digest-${id}-${each}`, prefix: 'sp_', label: null, expiresAt: null };
  return { type: 'TokenIssued', streamId: id, data };
}

const created: Draft[] = ['ana', 'ben', 'cem'].map((id) => ({
  type: 'UserCreated',
  streamId: id,
  data: { slug: `the-${id}`, name: id },
}));

function recorded(draft: Draft, index: number): AccessEvent {
  return { ...draft, streamVersion: index + 1, recordedAt: '2025-01-01T00:00:00.000Z' };
}

function folded(events: readonly Draft[]): AccessState {
  const state = new AccessState();
  events.map(recorded).forEach((event) => evolve(state, event));
  return state;
}

/** The last event of a history that says something of a matter: all that the naive answers below look at. */
function last<Type extends AccessEventType>(
  events: readonly Draft[],
  types: readonly Type[],
  matter: (event: Extract<Draft, { type: Type }>) => boolean,
): Extract<Draft, { type: Type }> | undefined {
  return events.findLast(
    (event): event is Extract<Draft, { type: Type }> =>
      (types as readonly string[]).includes(event.type) && matter(event as Extract<Draft, { type: Type }>), // holds: its type has just been compared
  );
}

/** What somebody is in a dossier (null: in all), by looking for the last word on it. */
function roleByLookingBack(events: readonly Draft[], id: string, within: string | null): string | null {
  if (within === null && id === FIRST_ADMINISTRATOR.id) return 'administrator';
  const word = last(events, ['RoleGranted', 'RoleRevoked'], (event) => {
    return event.data.user === id && event.data.dossier === within;
  });
  return word?.type === 'RoleGranted' ? word.data.role : null;
}

/** Holds a law against random histories. */
function always(holds: (events: Draft[], state: AccessState) => void): void {
  const property = fc.property(drafts, (some) => {
    const events = [...created, ...some];
    holds(events, folded(events));
  });
  fc.assert(property, { seed, numRuns: 200 });
}

/** Break: the `delete` of a role in `setMember`; `users.delete` of a token in `TokenRevoked`; the first administrator's exception in `withUser`. */
describe(`the fold of any history (STANDPOINT_TEST_SEED=${seed})`, () => {
  test('gives everyone the role that was last granted and not revoked since', () =>
    always((events, state) => {
      for (const id of USERS) {
        expect(state.users.get(id)?.role ?? null).toBe(roleByLookingBack(events, id, null));
        for (const within of DOSSIERS) {
          const role = roleByLookingBack(events, id, within);
          expect(state.users.get(id)?.dossiers.get(within) ?? null).toBe(role);
          expect(state.members.get(within)?.get(id) ?? null).toBe(role);
        }
      }
    }));

  test('knows a token from its issue until it is revoked', () =>
    always((events, state) => {
      for (const id of USERS)
        for (const each of TOKENS) {
          const word = last(events, ['TokenIssued', 'TokenRevoked'], (event) => {
            return event.streamId === id && event.data.token === each;
          });
          const known = state.tokens.get(`digest-${id}-${each}`);
          expect(known?.user.id).toBe(word?.type === 'TokenIssued' ? id : undefined);
        }
    }));

  test('keeps out whom the last word keeps out, but for the first administrator', () =>
    always((events, state) => {
      for (const id of USERS) {
        const word = last(events, ['UserDisabled', 'UserEnabled'], (event) => event.streamId === id);
        const isOut = word?.type === 'UserDisabled' && id !== FIRST_ADMINISTRATOR.id;
        expect(state.users.get(id)?.disabled).toEqual(isOut ? { reason } : null);
      }
    }));

  test('sets a dossier as it was last set', () =>
    always((events, state) => {
      for (const within of DOSSIERS) {
        const word = last(events, ['DossierVisibilitySet'], (event) => event.data.dossier === within);
        const { visibility, audits } = word?.data ?? DEFAULT_SETTINGS;
        expect(state.settingsOf(within)).toEqual({ visibility, audits });
      }
    }));

  test('lists what somebody may read: what they are a member of, and what is public', () =>
    always((events, state) => {
      for (const reader of state.users.values()) {
        const readable = DOSSIERS.filter(
          (within) =>
            roleByLookingBack(events, reader.id, within) !== null ||
            state.settingsOf(within).visibility === 'public',
        );
        expect(state.readableBy(reader).toSorted()).toEqual(readable.toSorted());
      }
    }));
});
