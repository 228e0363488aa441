import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';
import type { Moments } from '../design/address.js';

export type History = Schemas['PositionHistory'];
export type PositionAt = Schemas['PositionAt'];
export type Statement = Schemas['Statement'];
export type Assessment = Schemas['Assessment'];

/** A pair as an address names it. */
export interface Pair {
  readonly dossier: string;
  readonly party: string;
  readonly topic: string;
}

/** All that a position's page shows: where the party stands, its history, and everything that was said for it on the topic. */
export interface Account {
  readonly now: PositionAt;
  readonly history: History;
  readonly proposition: string | null;
  readonly statements: readonly Statement[];
  readonly assessments: readonly Assessment[];
}

/** The most that a page of a list holds. */
const PAGE = 500;

export function useAccount(pair: Pair, { at, known }: Moments): UseQueryResult<Account> {
  return useQuery({
    queryKey: [pair.dossier, 'position', pair.party, pair.topic, at ?? null, known ?? null],
    queryFn: ({ signal }) => readAccount(pair, { at, known }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Everything as known at one sequence: an event that arrives between two of the answers is in none of them. */
async function readAccount(pair: Pair, { at, known }: Moments, signal: AbortSignal): Promise<Account> {
  const path = pair;
  const now = await answered(
    api.GET('/api/v1/dossiers/{dossier}/positions/{party}/{topic}', {
      params: { path, query: given({ at, known }) },
      signal,
    }),
  );
  const as = String(now.known.sequence);
  const [history, topic, statements] = await Promise.all([
    answered(
      api.GET('/api/v1/dossiers/{dossier}/positions/{party}/{topic}/history', {
        params: { path, query: { known: as } },
        signal,
      }),
    ),
    answered(
      api.GET('/api/v1/dossiers/{dossier}/topics/{id}', {
        params: { path: { dossier: pair.dossier, id: now.topic.id } },
        signal,
      }),
    ),
    readStatements(pair.dossier, now, as, signal),
  ]);
  return {
    now,
    history,
    proposition: topic.proposition,
    statements,
    assessments: await readAssessments(pair.dossier, history, as, signal),
  };
}

async function readStatements(
  dossier: string,
  { party, topic }: PositionAt,
  known: string,
  signal: AbortSignal,
): Promise<Statement[]> {
  const found: Statement[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly Statement[]; readonly next: string | null } = await answered(
      api.GET('/api/v1/dossiers/{dossier}/statements', {
        params: {
          path: { dossier },
          query: {
            party: party.id,
            topic: topic.id,
            known,
            limit: PAGE,
            ...(cursor === null ? {} : { cursor }),
          },
        },
        signal,
      }),
    );
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

function readAssessments(
  dossier: string,
  { positions }: History,
  known: string,
  signal: AbortSignal,
): Promise<Assessment[]> {
  const ids = positions.flatMap(({ evidence }) =>
    evidence.flatMap(({ act, statement }) => (act === 'PositionAssessed' ? [statement] : [])),
  );
  return Promise.all(
    ids.map((id) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/assessments/{id}', {
          params: { path: { dossier, id }, query: { known } },
          signal,
        }),
      ),
    ),
  );
}

/** Parameters without those that are left out. */
function given({ at, known }: Moments): { at?: string; known?: string } {
  return { ...(at === undefined ? {} : { at }), ...(known === undefined ? {} : { known }) };
}
