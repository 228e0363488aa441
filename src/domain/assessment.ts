import { isRedacted, redactionIn, type RedactedRecord } from './redaction.js';
import { References } from './references.js';
import { Rejection, rejectIfAny, under, type Finding } from './rejection.js';
import type { Stance } from './stance.js';
import {
  evolveStanding,
  isObscure,
  newValues,
  RECORD_CORRECTED,
  type RecordCorrected,
  type Standing,
  type Statement,
  type StreamEvent,
} from './statement.js';
import type { Cast } from './cast.js';

export const POSITION_ASSESSED = 'PositionAssessed';

/** A recorder's own judgement of where a party stands on a topic. Stored: fields may be added, never renamed or removed. */
export interface Assessed {
  readonly party: string;
  readonly topic: string;
  readonly stance: Stance;
  readonly conditions: readonly string[];
  /** EDTF level 1. */
  readonly asOf: string;
  /** Ids of the statements that it rests on. */
  readonly basis: readonly string[];
  readonly rationale: string;
}

/** An assessment as its stream tells it. */
export interface Assessment {
  readonly id: string;
  readonly version: number;
  readonly origin: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly assessed: Assessed;
  readonly standing: Standing;
}

export interface AssessmentInput {
  readonly party: string;
  readonly topic: string;
  readonly stance: Stance;
  readonly conditions?: readonly string[] | null;
  readonly asOf: string;
  readonly basis: readonly string[];
  readonly rationale: string;
}

/** A statement that an assessment rests on, what was left of one, or null where there is none. */
export type Basis = Statement | RedactedRecord | null;

/**
 * `basis` are the statements that the input's references were found to mean, in the input's order. An assessment may go on resting on a
 * statement that was erased (`before`), but not begin to.
 */
export function decideAssessment(
  input: AssessmentInput,
  cast: Cast,
  basis: readonly Basis[],
  before?: Assessed,
): Assessed {
  const { party, topic, statements, findings } = refer(input, cast, basis, before);
  rejectIfAny(inTermsOf(before, findings));
  if (party === null || topic === null) throw new Error('A reference that was refused has a finding.');
  return {
    party,
    topic,
    stance: input.stance,
    conditions: input.conditions ?? [],
    asOf: input.asOf,
    basis: statements,
    rationale: input.rationale,
  };
}

/** What else is wrong with an assessment that has malformed fields, whose paths these are. What it does not say it refers to nothing by. */
export function findBesidesInAssessment(
  input: object,
  malformed: ReadonlySet<string>,
  cast: Cast,
  basis: readonly Basis[],
  before?: Assessed,
): readonly Finding[] {
  const sound = Object.entries(input).filter(([field]) => !malformed.has(field));
  return inTermsOf(before, refer(Object.fromEntries(sound), cast, basis, before, malformed).findings);
}

/** Whoever corrects an assessment sends `changes`. */
function inTermsOf(before: Assessed | undefined, findings: readonly Finding[]): readonly Finding[] {
  return before === undefined ? findings : under('changes', findings);
}

/** What it refers to, and what of that cannot be found. */
function refer(
  input: Partial<AssessmentInput>,
  cast: Cast,
  basis: readonly Basis[],
  before?: Assessed,
  malformed: ReadonlySet<string> = new Set(),
): {
  readonly party: string | null;
  readonly topic: string | null;
  readonly statements: readonly string[];
  readonly findings: Finding[];
} {
  const references = new References(cast, malformed);
  const party = references.id('party', 'party', input.party);
  const topic = references.id('topic', 'topic', input.topic);
  const statements = (input.basis ?? []).flatMap((reference, index) => {
    const path = `basis.${index}`;
    const statement = basis[index];
    if (statement && (!isRedacted(statement) || before?.basis.includes(statement.id))) return statement.id;
    if (statement) references.erased(path);
    else if (!malformed.has(path)) references.miss('statement', path, reference);
    return [];
  });
  return { party, topic, statements, findings: references.findings };
}

export function decideAssessmentCorrection(
  { assessed }: Assessment,
  changes: Partial<AssessmentInput>,
  cast: Cast,
  basis: readonly Basis[],
): Assessed {
  const after = decideAssessment({ ...assessed, ...changes }, cast, basis, assessed);
  if (JSON.stringify(after) === JSON.stringify(assessed))
    throw new Rejection('nothing-changed', 'The assessment already says all of this.');
  return after;
}

/** Applies one event of an assessment's stream, by the same rules as evolveStatement. */
export function evolveAssessment(state: Assessment | null, event: StreamEvent): Assessment | null {
  if (redactionIn(event) !== null) return null;
  if (state === null) return isObscure(event) || event.type !== POSITION_ASSESSED ? null : recorded(event);
  if (isObscure(event)) return { ...state, version: event.streamVersion };
  if (event.type === RECORD_CORRECTED) {
    const { changes } = event.data as RecordCorrected<Assessed>; // holds: the type names its shape
    return { ...state, version: event.streamVersion, assessed: { ...state.assessed, ...newValues(changes) } };
  }
  return evolveStanding(state, event) ?? { ...state, version: event.streamVersion };
}

export function foldAssessment(events: Iterable<StreamEvent>): Assessment | null {
  let state: Assessment | null = null;
  for (const event of events) state = evolveAssessment(state, event);
  return state;
}

function recorded(event: StreamEvent): Assessment {
  return {
    id: event.streamId,
    version: event.streamVersion,
    origin: event.sequence,
    recordedAt: event.recordedAt,
    recordedBy: event.recordedBy,
    assessed: event.data as Assessed, // holds: the first event of an assessment's stream is PositionAssessed
    standing: { status: 'standing' },
  };
}
