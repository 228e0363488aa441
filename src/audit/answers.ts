import { ACT_NAMES } from '../domain/acts.js';
import { ADVANCES, REVISION_KINDS } from '../domain/revision.js';
import { STANCES } from '../domain/stance.js';
import { ATTRIBUTIONS } from '../domain/statement.js';
import { WEAKNESSES } from '../domain/weakness.js';
import {
  COUNT,
  EDTF,
  FLAG,
  ID,
  INSTANT,
  listOf,
  nullable,
  oneOf,
  record,
  ref,
  SEQUENCE,
  TEXT,
  type Schema,
  type Schemas,
} from '../http/answers.js';
import { EVENT_SCHEMA } from '../http/event-view.js';

const described = (schema: Schema, description: string): Schema => ({ ...schema, description });

const CONDITIONS = listOf(TEXT);
const FIRST_RECORDED = { sequence: SEQUENCE, recordedAt: INSTANT, recordedBy: TEXT };

const REVISION = {
  sequence: SEQUENCE,
  recordedAt: described(INSTANT, 'When our record moved: recorded-time.'),
  recordedBy: TEXT,
  kind: described(
    oneOf(REVISION_KINDS),
    'What the event did to the history of the pair, by comparing it before and after: it grew at its end (`advance`), something said before what was known was entered late (`backfill`), or the record was corrected, voided or restored. `merge` and `unmerge` do not occur yet.',
  ),
  event: record({ id: ID, type: TEXT }),
  party: ref('Named'),
  topic: ref('Named'),
  statement: nullable(ref('RevisedStatement')),
  assessment: nullable(ref('RevisedAssessment')),
  reason: described(nullable(TEXT), 'Why the record was corrected, voided or restored.'),
  corrected: described(listOf(TEXT), 'The fields that a correction changed.'),
  advance: {
    enum: [...ADVANCES, null],
    description: 'What an advance did: the kind of shift that it made, or `reaffirmed`, or `evidence`.',
  },
  before: nullable(ref('PresentPosition')),
  after: nullable(ref('PresentPosition')),
  shiftsAppeared: described(
    listOf(ref('Shift')),
    'Shifts of the party that the history has since this event. They are dated by said-time.',
  ),
  shiftsDisappeared: described(
    listOf(ref('Shift')),
    'Shifts of the party that the history no longer has since this event. They are dated by said-time.',
  ),
  pastChanged: described(
    FLAG,
    'Whether the histories before and after differ in more than their last position: than that there is one more, one fewer, or one of another stance from the same instant on.',
  ),
  presentChanged: described(FLAG, 'Whether `before` and `after` differ.'),
};

const TOUCHED = listOf(record({ by: TEXT, records: COUNT }));

/** What the audit job answers. */
export const AUDIT_SCHEMAS: Schemas = {
  Event: EVENT_SCHEMA,
  PresentPosition: described(
    record({
      stance: oneOf(STANCES),
      level: { type: 'integer', minimum: -2, maximum: 2 },
      conditions: CONDITIONS,
      since: described(INSTANT, 'Said-time.'),
    }),
    'Where the party stands at the end of its history.',
  ),
  RevisedSource: described(
    record({
      id: ID,
      slug: nullable(TEXT),
      title: TEXT,
      url: nullable(TEXT),
      outlet: nullable(TEXT),
      publishedAt: nullable(EDTF),
      textSha256: nullable(TEXT),
    }),
    'The source as it stood when the record was revised.',
  ),
  RevisedStatement: described(
    record({
      id: ID,
      act: oneOf(ACT_NAMES),
      speaker: nullable(ref('Named')),
      saidAt: EDTF,
      stance: { enum: [...STANCES, null] },
      conditions: CONDITIONS,
      attribution: oneOf(ATTRIBUTIONS),
      quote: nullable(TEXT),
      summary: nullable(TEXT),
      source: nullable(ref('RevisedSource')),
      ...FIRST_RECORDED,
    }),
    'The statement as the event left it; its sequence, `recordedAt` and `recordedBy` are those of its first recording.',
  ),
  RevisedAssessment: described(
    record({
      id: ID,
      stance: oneOf(STANCES),
      conditions: CONDITIONS,
      asOf: EDTF,
      basis: listOf(ID),
      rationale: TEXT,
      ...FIRST_RECORDED,
    }),
    'The assessment as the event left it.',
  ),
  Revision: record(REVISION),
  RecordersAudit: record({
    known: ref('Known'),
    recorders: listOf(
      record({
        recorder: TEXT,
        recorded: described(COUNT, 'Statements and assessments that they entered.'),
        corrected: described(COUNT, 'Corrections that they made, of whosever records.'),
        voided: COUNT,
        restored: COUNT,
        theirs: described(
          record({ corrected: TOUCHED, voided: TOUCHED }),
          'How many of the records that they entered were ever corrected or voided, and by whom.',
        ),
        revisions: described(TEXT, 'The address that lists the revisions that they made.'),
        statements: described(TEXT, 'The address that lists the statements that they entered.'),
      }),
    ),
  }),
  WeakPosition: record({
    party: ref('Named'),
    topic: ref('Named'),
    position: ref('PresentPosition'),
    basis: described(
      listOf(ID),
      'The statements and assessments that set or reaffirm the position, in said-order.',
    ),
    statement: described(
      nullable(ref('RevisedStatement')),
      'The last of the basis, as it stands, with its source as that stands now; null if it is an assessment.',
    ),
    assessment: nullable(ref('RevisedAssessment')),
    reasons: described(
      listOf(oneOf(WEAKNESSES)),
      '`one-statement`: its basis is one statement or assessment. `reported-only`: all of its basis are statements whose attribution is `reported`. `source-gone`: all of its basis are statements without a source, or whose source, as it stands now, has neither address nor text, or was redacted.',
    ),
  }),
  PositionAudit: record({
    known: ref('Known'),
    party: ref('Named'),
    topic: ref('Named'),
    items: listOf(ref('Revision')),
    next: nullable(TEXT),
  }),
};
