import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { countCodePoints } from '../domain/passage.js';
import { parseSaidAt, SAID_AT_RULE } from '../domain/said-at.js';
import { isInstantText } from './queries.js';

/**
 * Each of these says one thing about a field twice: to class-validator, which explains a refusal, and to the OpenAPI schema, which a
 * compiled validator accepts by. test/http/agreement.spec.ts holds the two together.
 */
interface Presence {
  /** May be left out; and be null as well, unless only `left-out` is allowed. */
  readonly optional?: true | 'left-out';
  readonly description?: string;
}

type Decorator = PropertyDecorator;

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;
const NOT_BLANK = /\S/u;

/** Longest of each kind of text, in Unicode code points. */
export const LONGEST = { name: 500, line: 2_000, prose: 20_000, document: 5_000_000 } as const;

/** Most items that any list may be declared to hold: what lies beyond is not looked at. */
export const LONGEST_LIST = 1_000;

export function Text({ max, ...presence }: Presence & { readonly max: number }): Decorator {
  return field(presence, { type: 'string', maxLength: max, pattern: NOT_BLANK.source }, [
    IsString({ message: 'must be text' }),
    AtMost(max),
    Matches(NOT_BLANK, { message: 'must not be blank' }),
  ]);
}

/** Text that may be empty. */
export function Margin({ max, ...presence }: Presence & { readonly max: number }): Decorator {
  return field(presence, { type: 'string', maxLength: max }, [
    IsString({ message: 'must be text' }),
    AtMost(max),
  ]);
}

export function Slug(presence: Presence = { optional: true }): Decorator {
  return field(presence, { type: 'string', pattern: SLUG.source }, [
    Matches(SLUG, {
      message: 'must be 1 to 63 small letters, digits and hyphens, not beginning with a hyphen',
    }),
  ]);
}

/** An id, slug, name or alias. */
export function Reference(presence: Presence = {}): Decorator {
  return Text({ ...presence, max: LONGEST.name });
}

export function Choice(
  values: readonly string[],
  presence: Presence & { readonly name?: string } = {},
): Decorator {
  const { name, ...rest } = presence;
  return field(rest, { type: 'string', enum: [...values], ...(name !== undefined && { enumName: name }) }, [
    IsIn(values, { message: `must be one of ${values.join(', ')}` }),
  ]);
}

export function SaidAt(presence: Presence = {}): Decorator {
  return field(presence, { type: 'string', format: 'edtf', example: '2025-04-21' }, [
    Validate(EdtfConstraint),
  ]);
}

/** An instant as RFC 3339 has it. */
export function InstantText(presence: Presence = {}): Decorator {
  return field(presence, { type: 'string', format: 'date-time' }, [Validate(InstantTextConstraint)]);
}

export function Texts({
  most,
  least = 0,
  max,
  ...presence
}: Presence & { readonly most: number; readonly least?: number; readonly max: number }): Decorator {
  const items = { type: 'string', maxLength: max, pattern: NOT_BLANK.source } as const;
  return field(presence, { type: 'array', items, minItems: least, maxItems: most }, [
    ...list(least, most),
    IsString({ each: true, message: 'must be text' }),
    AtMost(max, true),
    Matches(NOT_BLANK, { each: true, message: 'must not be blank' }),
  ]);
}

export function Nested(of: () => new () => object, presence: Presence = {}): Decorator {
  return field(presence, { type: () => of() }, [IsPlainObject(), ValidateNested(), Type(of)]);
}

export function NestedList(
  of: () => new () => object,
  { most, least = 0, ...presence }: Presence & { readonly most: number; readonly least?: number },
): Decorator {
  return field(presence, { type: () => of(), isArray: true, minItems: least, maxItems: most }, [
    ...list(least, most),
    IsPlainObject(true),
    ValidateNested({ each: true }),
    Type(of),
  ]);
}

function field(presence: Presence, schema: object, decorators: Decorator[]): Decorator {
  const { optional, description } = presence;
  const shown = {
    ...schema,
    ...(description !== undefined && { description }),
    ...(optional && { required: false, nullable: optional === true }),
  };
  const property = ApiProperty(shown as ApiPropertyOptions); // holds: `schema` is written out above in OpenAPI's own terms
  return applyDecorators(
    property,
    ...PRESENCE[String(optional ?? false) as keyof typeof PRESENCE], // holds: its keys are the values of `optional`, written out
    ...decorators,
  );
}

const PRESENCE: Record<'true' | 'left-out' | 'false', Decorator[]> = {
  true: [IsOptional()],
  'left-out': [ValidateIf((_, value) => value !== undefined)],
  false: [],
};

function list(least: number, most: number): Decorator[] {
  if (most > LONGEST_LIST) throw new RangeError(`No list may hold more than ${LONGEST_LIST}.`);
  return [
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(least, { message: `must hold at least ${least}` }),
    ArrayMaxSize(most, { message: `must hold at most ${most}` }),
  ];
}

/** Counts code points, as JSON Schema does; class-validator's own MaxLength passes over variation selectors. */
@ValidatorConstraint({ name: 'atMost' })
class AtMostConstraint implements ValidatorConstraintInterface {
  validate(value: unknown, given?: ValidationArguments): boolean {
    const most = Number(given?.constraints[0]);
    return typeof value === 'string' && value.length <= 2 * most && countCodePoints(value) <= most; // two UTF-16 units at most to a code point; to count takes its time
  }

  defaultMessage(given?: ValidationArguments): string {
    return `must be at most ${String(given?.constraints[0])} characters long`;
  }
}

function AtMost(max: number, each = false): Decorator {
  return Validate(AtMostConstraint, [max], { each });
}

@ValidatorConstraint({ name: 'edtf' })
class EdtfConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && parseSaidAt(value) !== null;
  }

  defaultMessage(): string {
    return SAID_AT_RULE;
  }
}

@ValidatorConstraint({ name: 'instantText' })
class InstantTextConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isInstantText(value);
  }

  defaultMessage(): string {
    return 'must be an RFC 3339 instant, such as 2025-04-22T00:00:00Z';
  }
}

@ValidatorConstraint({ name: 'plainObject' })
class PlainObjectConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  defaultMessage(): string {
    return 'must be an object';
  }
}

function IsPlainObject(each = false): Decorator {
  return Validate(PlainObjectConstraint, { each });
}
