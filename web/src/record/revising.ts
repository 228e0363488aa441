import { decideCorrection, type DecidedStatement } from '../../../src/domain/record-statement.js';
import { parseSaidAt, SAID_AT_RULE, saidOf } from '../../../src/domain/said-at.js';
import type { components } from '../api/openapi.js';
import { entryOfStatement, pairChanges, placed, type PairChange, type Placed } from './effect.js';
import { circumstancesOf, recordedOf, verdictOf, type Known, type Verdict } from './verdict.js';

type Schemas = components['schemas'];
type Statement = Schemas['Statement'];

/** What the service will make of a correction, by the same function. Where nothing is changed, there are neither. */
export function decideChanges(
  statement: Statement,
  changes: Schemas['ChangedFields'],
  known: Known,
): Verdict {
  if (changes.saidAt !== undefined && parseSaidAt(changes.saidAt) === null)
    return { decided: null, findings: [{ path: 'saidAt', message: SAID_AT_RULE }] };
  return verdictOf(() => decideCorrection(recordedOf(statement), changes, circumstancesOf(known)));
}

/** What a correction will do to histories. */
export function correctionOf(statement: Statement, { stated, resolved }: DecidedStatement): PairChange[] {
  const { act, speaker, saidAt } = stated;
  const { stance, conditions } = resolved;
  const entry = { ...entryOfStatement(statement), act, speaker, said: saidOf(saidAt), stance, conditions };
  return pairChanges('correction', placedNow(statement), placed(resolved, entry));
}

/** What voiding a statement, or restoring one that was voided, will do to histories. */
export function standingChangeOf(statement: Statement): PairChange[] {
  return statement.voided === null
    ? pairChanges('voiding', placedNow(statement), null)
    : pairChanges('restoration', null, placedNow(statement));
}

function placedNow(statement: Statement): Placed | null {
  const { party, topic } = statement.resolved;
  return placed({ party: party?.id ?? null, topic: topic?.id ?? null }, entryOfStatement(statement));
}
