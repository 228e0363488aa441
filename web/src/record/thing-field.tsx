import type { ReactNode } from 'react';
import { Picker } from './picker.js';
import { findBySpelling } from './spelling.js';
import { texts } from '../texts/texts.js';

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly aliases?: readonly string[];
}

interface ThingFieldProps<T extends Thing> {
  readonly label: string;
  readonly name: string;
  readonly things: readonly T[];
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  /** What is said of a thing under its name. */
  readonly hintOf?: (thing: T) => string | undefined;
  readonly onAdd?: (name: string) => void;
  readonly placeholder?: string | undefined;
  readonly description?: ReactNode;
  readonly error: ReactNode;
  readonly required?: boolean;
}

/** A party, speaker or topic, found by any of its names in nearly any spelling. */
export function ThingField<T extends Thing>({ things, value, hintOf, ...rest }: ThingFieldProps<T>) {
  return (
    <Picker
      {...rest}
      value={value}
      shown={things.find(({ id }) => id === value)?.name ?? null}
      nothing={texts.record.form.nothing}
      choicesFor={(typed) =>
        findBySpelling(things, typed).map(({ thing, by }) => ({
          value: thing.id,
          label: thing.name,
          hint: by === thing.name ? hintOf?.(thing) : by,
        }))
      }
    />
  );
}
