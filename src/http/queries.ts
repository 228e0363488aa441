import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { KnownInput } from '../dossiers/reading.js';
import { FIRST_INSTANT, LAST_INSTANT, type Instant } from '../domain/said-at.js';

/** Parameters of a query string. Each arrives as text (or as a list, when it is repeated). */
type Decorator = PropertyDecorator;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const SEQUENCE = /^\d{1,15}$/;

/** Reads an RFC 3339 instant, or a date (UTC) as its first or last millisecond. Null for anything else, and outside the years 0001 to 9999 in UTC. */
export function readInstant(text: string, end: 'first' | 'last'): Instant | null {
  const written = DATE.test(text) ? `${text}T${end === 'first' ? '00:00:00.000' : '23:59:59.999'}Z` : text;
  if (!INSTANT.test(written)) return null;
  const instant = Date.parse(written);
  const date = new Date(`${written.slice(0, 10)}T00:00:00Z`); // Date.parse rolls 30 February over
  return !(instant >= FIRST_INSTANT && instant <= LAST_INSTANT) ||
    Number.isNaN(date.getTime()) ||
    date.toISOString().slice(0, 10) !== written.slice(0, 10)
    ? null
    : instant;
}

/** Whether a text is an RFC 3339 instant, and not a date alone. */
export function isInstantText(text: string): boolean {
  return !DATE.test(text) && readInstant(text, 'first') !== null;
}

/** A validated bound of said-time as RFC 3339; a date stands for its first or last millisecond. */
export function readBound(text: string | undefined, end: 'first' | 'last'): string | undefined {
  const instant = text === undefined ? null : readInstant(text, end);
  return instant === null ? undefined : new Date(instant).toISOString();
}

/** `known`: a sequence, or an instant in recorded-time. */
export function readKnown(text: string | undefined): KnownInput {
  if (text === undefined) return undefined;
  if (SEQUENCE.test(text)) return { sequence: Number(text) };
  const instant = readInstant(text, 'last');
  return instant === null ? undefined : { instant: new Date(instant).toISOString() };
}

export function QueryText(description: string, max = 500): Decorator {
  return parameter({ type: 'string', maxLength: max, description }, [
    IsString({ message: 'must be given once, as text' }),
    MaxLength(max, { message: `must be at most ${max} characters long` }),
  ]);
}

export function QueryChoice(values: readonly string[], description: string): Decorator {
  return parameter({ type: 'string', enum: [...values], description }, [
    IsIn(values, { message: `must be one of ${values.join(', ')}` }),
  ]);
}

export function QueryInstant(description: string): Decorator {
  return parameter(
    {
      type: 'string',
      description: `${description} An RFC 3339 instant, or a date (UTC).`,
      example: '2025-04-22T00:00:00Z',
    },
    [Validate(InstantConstraint)],
  );
}

export function QueryKnown(what = 'What of the log is taken as known', otherwise = 'the head'): Decorator {
  const description = `${what}: a sequence, or an instant in recorded-time (RFC 3339, or a date for its end). Default: ${otherwise}.`;
  return parameter({ type: 'string', description, example: '12' }, [Validate(KnownConstraint)]);
}

export function QueryInstants(description: string): Decorator {
  return repeated({ type: 'string' }, `${description} RFC 3339 instants, or dates (UTC).`, [
    Validate(InstantConstraint, { each: true }),
  ]);
}

export function QueryKnowns(description: string): Decorator {
  return repeated({ type: 'string' }, `${description} Sequences, or RFC 3339 instants or dates.`, [
    Validate(KnownConstraint, { each: true }),
  ]);
}

/** A parameter that may be given once or twice. */
function repeated(items: object, description: string, decorators: Decorator[]): Decorator {
  return parameter({ type: 'array', items, minItems: 1, maxItems: 2, description }, [
    ArrayMaxSize(2, { message: 'must be given at most twice' }),
    ...decorators,
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value)),
  ]);
}

export function QueryNumber(least: number, most: number, description: string): Decorator {
  return parameter({ type: 'integer', minimum: least, maximum: most, description }, [
    IsInt({ message: 'must be a whole number' }),
    Min(least, { message: `must be at least ${least}` }),
    Max(most, { message: `must be at most ${most}` }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value,
    ),
  ]);
}

function parameter(schema: object, decorators: Decorator[]): Decorator {
  return applyDecorators(ApiPropertyOptional(schema), IsOptional(), ...decorators);
}

@ValidatorConstraint({ name: 'instant' })
class InstantConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && readInstant(value, 'first') !== null;
  }

  defaultMessage(): string {
    return 'must be one RFC 3339 instant, such as 2025-04-22T00:00:00Z, or a date';
  }
}

@ValidatorConstraint({ name: 'known' })
class KnownConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && readKnown(value) !== undefined;
  }

  defaultMessage(): string {
    return 'must be one sequence, or one RFC 3339 instant or date';
  }
}
