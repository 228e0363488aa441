import { SHIFT_KINDS } from '../domain/shift.js';
import { STANCES } from '../domain/stance.js';
import {
  COUNT,
  FLAG,
  ID,
  INSTANT,
  listOf,
  nullable,
  oneOf,
  record,
  SEQUENCE,
  ref,
  TEXT,
  type Schemas,
} from '../http/answers.js';

const STANCE = oneOf(STANCES);
const LEVEL = { type: 'integer', minimum: -2, maximum: 2 };
const CONDITIONS = listOf(TEXT);

const SHIFT = {
  at: INSTANT,
  kind: oneOf(SHIFT_KINDS),
  from: { enum: [...STANCES, null] },
  to: STANCE,
  fromConditions: CONDITIONS,
  toConditions: CONDITIONS,
  statement: ID,
};

const PAIR = { party: ref('Named'), topic: ref('Named') };

const POSITION = {
  ...PAIR,
  stance: STANCE,
  level: LEVEL,
  conditions: CONDITIONS,
  since: INSTANT,
  basis: listOf(ID),
  statements: COUNT,
  voices: listOf(record({ speaker: ref('Named'), stance: STANCE, since: INSTANT })),
  divided: FLAG,
};

/** What the positions job answers. */
export const POSITION_SCHEMAS: Schemas = {
  Position: record(POSITION),
  Board: record({
    known: ref('Known'),
    at: INSTANT,
    positions: listOf(ref('Position')),
    next: nullable(TEXT),
  }),
  Overview: record({
    known: ref('Known'),
    at: INSTANT,
    parties: listOf(ref('Named')),
    topics: listOf(ref('Named')),
    cells: listOf(
      record({
        party: COUNT,
        topic: COUNT,
        stance: STANCE,
        conditions: CONDITIONS,
        since: INSTANT,
        statements: COUNT,
        voices: listOf(record({ speaker: ref('Named'), stance: STANCE })),
        recent: listOf(record({ from: INSTANT, level: LEVEL })),
      }),
    ),
    since: nullable(SEQUENCE),
    none: listOf(record({ party: ID, topic: ID })),
    next: nullable(TEXT),
  }),
  PositionAt: record({
    known: ref('Known'),
    at: INSTANT,
    ...POSITION,
    stance: { enum: [...STANCES, null] },
    level: nullable(LEVEL),
    since: nullable(INSTANT),
  }),
  HistoryPosition: record({
    stance: STANCE,
    level: LEVEL,
    conditions: CONDITIONS,
    from: INSTANT,
    to: nullable(INSTANT),
    evidence: listOf(record({ statement: ID, role: oneOf(['sets', 'reaffirms', 'evidence']), act: TEXT })),
  }),
  Shift: record(SHIFT),
  DossierShift: record({ ...PAIR, ...SHIFT }),
  PositionHistory: record({
    known: ref('Known'),
    ...PAIR,
    positions: listOf(ref('HistoryPosition')),
    shifts: listOf(ref('Shift')),
  }),
  Moment: record({ at: INSTANT, known: ref('Known') }),
  Difference: record({ ...PAIR, before: nullable(ref('Position')), after: nullable(ref('Position')) }),
  Comparison: record({
    before: ref('Moment'),
    after: ref('Moment'),
    items: listOf(ref('Difference')),
    next: nullable(TEXT),
  }),
};
