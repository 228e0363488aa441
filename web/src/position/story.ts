import { parseSaidAt, type SaidInterval } from '../../../src/domain/said-at.js';
import type { Stance } from '../design/stance-mark.js';
import type { Account, Assessment, History, Statement } from './ask.js';

export type Role = 'sets' | 'reaffirms' | 'evidence';
export type Shift = History['shifts'][number];

/** What was said, or what we judged, as it counts for a position. */
export type Piece = { readonly id: string; readonly role: Role; readonly interval: SaidInterval } & (
  | { readonly kind: 'statement'; readonly record: Statement; readonly saidAt: string }
  | { readonly kind: 'assessment'; readonly record: Assessment; readonly saidAt: string }
);

/** A stance over a span of said-time, how the party came to it, and what it rests on. Instants are milliseconds. */
export interface Chapter {
  readonly stance: Stance;
  readonly conditions: readonly string[];
  readonly from: number;
  /** Null: it still stands. */
  readonly to: number | null;
  readonly shift: Shift | null;
  readonly pieces: readonly Piece[];
  /** Whether it begins only after the moment that the page shows. */
  readonly isLater: boolean;
}

/** A position's history with what it rests on, oldest first; and what was said before there was any. */
export interface Story {
  readonly chapters: readonly Chapter[];
  readonly before: readonly Statement[];
  /** The one that holds at the moment that the page shows. */
  readonly current: Chapter | null;
  readonly at: number;
}

export function storyOf({ now, history, statements, assessments }: Account): Story {
  const at = Date.parse(now.at);
  const said = new Map(statements.map((each) => [each.id, each]));
  const judged = new Map(assessments.map((each) => [each.id, each]));
  const chapters = history.positions.map(({ stance, conditions, from, to, evidence }, index): Chapter => {
    return {
      stance,
      conditions,
      from: Date.parse(from),
      to: to === null ? null : Date.parse(to),
      shift: history.shifts[index] ?? null,
      pieces: evidence.flatMap(({ statement, role }) => pieceOf(statement, role, said, judged)),
      isLater: Date.parse(from) > at,
    };
  });
  const counted = new Set(
    history.positions.flatMap(({ evidence }) => evidence.map((each) => each.statement)),
  );
  return {
    chapters,
    before: statements.filter(({ id }) => !counted.has(id)),
    current: chapters.findLast(({ isLater }) => !isLater) ?? null,
    at,
  };
}

function pieceOf(
  id: string,
  role: Role,
  said: ReadonlyMap<string, Statement>,
  judged: ReadonlyMap<string, Assessment>,
): Piece[] {
  const statement = said.get(id);
  if (statement !== undefined)
    return [
      {
        id,
        role,
        kind: 'statement',
        record: statement,
        saidAt: statement.saidAt,
        interval: when(statement.saidAt),
      },
    ];
  const assessment = judged.get(id);
  if (assessment === undefined) return [];
  return [
    {
      id,
      role,
      kind: 'assessment',
      record: assessment,
      saidAt: assessment.asOf,
      interval: when(assessment.asOf),
    },
  ];
}

function when(edtf: string): SaidInterval {
  return parseSaidAt(edtf) ?? { earliest: null, latest: null };
}

/** The place of a piece in said-order, in milliseconds. */
export function saidOf({ interval: { earliest, latest } }: Piece): number {
  return earliest ?? latest ?? 0;
}
