import { ACT_NAMES, type Act } from '../../domain/acts.js';
import { missingBasics, type StatementChanges, type StatementInput } from '../../domain/record-statement.js';
import type { FieldError } from '../../domain/rejection.js';
import { STANCES, type Stance } from '../../domain/stance.js';
import { ATTRIBUTIONS, type Attribution } from '../../domain/statement.js';
import {
  Choice,
  LONGEST,
  Margin,
  Nested,
  NestedList,
  Reference,
  SaidAt,
  Slug,
  Text,
  Texts,
} from '../../http/fields.js';

const reference = { optional: true } as const;

export const MOST_STATEMENTS = 1_000;

export class PassageInput {
  @Text({ max: LONGEST.prose, description: 'The exact quote.' })
  readonly exact!: string;

  @Margin({ max: LONGEST.line, optional: true, description: 'The text just before it.' })
  readonly prefix?: string | null;

  @Margin({ max: LONGEST.line, optional: true, description: 'The text just after it.' })
  readonly suffix?: string | null;
}

/** The fields that a statement may bring and a correction may change, all optional. */
class OptionalFields {
  @Reference({
    ...reference,
    description: 'On whose behalf; left out: the party that the speaker spoke for, when it is exactly one.',
  })
  readonly party?: string | null;

  @Reference({ ...reference, description: 'Who said it.' })
  readonly speaker?: string | null;

  @Reference({ ...reference, description: 'About what; left out: the topic of the statement referred to.' })
  readonly topic?: string | null;

  @Reference({ ...reference, description: 'Where it was published.' })
  readonly source?: string | null;

  @Nested(() => PassageInput, { optional: true })
  readonly passage?: PassageInput | null;

  @Text({ max: LONGEST.prose, optional: true })
  readonly summary?: string | null;

  @Texts({ most: 100, max: LONGEST.name, optional: true, description: 'Parties that it was addressed to.' })
  readonly addressees?: readonly string[] | null;

  @Reference({ ...reference, description: 'The party that is accused, condemned or threatened.' })
  readonly against?: string | null;

  @Reference({ ...reference, description: 'Id or slug of the statement that it answers.' })
  readonly refersTo?: string | null;

  @Choice(STANCES, {
    optional: true,
    name: 'Stance',
    description: 'Left out: the stance that the act gives.',
  })
  readonly stance?: Stance | null;

  @Texts({ most: 50, max: LONGEST.line, optional: true })
  readonly conditions?: readonly string[] | null;

  @Text({ max: 35, optional: true, description: 'BCP 47.' })
  readonly language?: string | null;

  @Text({ max: LONGEST.prose, optional: true })
  readonly translation?: string | null;

  @Text({ max: LONGEST.prose, optional: true })
  readonly note?: string | null;
}

export class NewStatement extends OptionalFields implements StatementInput {
  static readonly crossCheck = missingBasics;

  @Slug()
  readonly slug?: string | null;

  @Choice(ACT_NAMES, { name: 'Act' })
  readonly act!: Act;

  @SaidAt({ description: 'When it was said: EDTF level 1.' })
  readonly saidAt!: string;

  @Choice(ATTRIBUTIONS, { name: 'Attribution' })
  readonly attribution!: Attribution;
}

export class NewStatements {
  static crossCheck(body: object): FieldError[] {
    const { statements } = body as { statements?: unknown }; // holds: any object may be read so
    if (!Array.isArray(statements)) return [];
    return statements.flatMap((each: unknown, index) =>
      typeof each === 'object' && each !== null
        ? missingBasics(each).map(({ path, message }) => ({ path: `statements.${index}.${path}`, message }))
        : [],
    );
  }

  @NestedList(() => NewStatement, { least: 1, most: MOST_STATEMENTS })
  readonly statements!: readonly NewStatement[];
}

export class ChangedFields extends OptionalFields implements StatementChanges {
  @Choice(ACT_NAMES, { optional: 'left-out', name: 'Act' })
  readonly act?: Act;

  @SaidAt({ optional: 'left-out' })
  readonly saidAt?: string;

  @Choice(ATTRIBUTIONS, { optional: 'left-out', name: 'Attribution' })
  readonly attribution?: Attribution;
}

export class Correction {
  @Nested(() => ChangedFields)
  readonly changes!: ChangedFields;

  @Text({ max: LONGEST.line })
  readonly reason!: string;
}
