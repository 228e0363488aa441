import { NativeSelect } from '@mantine/core';
import { ATTRIBUTIONS } from '../../../src/domain/statement.js';
import type { Schemas } from '../api/client.js';
import { STANCES, type Stance } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';

const { form: words } = texts.record;

interface ChoiceProps<T> {
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly error: string | null;
}

/** The stance that the act gives, or another. */
export function StanceField({
  value,
  onChange,
  error,
  ofAct,
}: ChoiceProps<Stance | null> & { readonly ofAct: Stance | null }) {
  return (
    <NativeSelect
      name="stance"
      label={words.stance}
      size="sm"
      value={value ?? ''}
      error={error}
      data={[
        { value: '', label: ofAct === null ? words.stanceStays : words.stanceOfAct(texts.stances[ofAct]) },
        ...STANCES.map((each) => ({ value: each, label: texts.stances[each] })),
      ]}
      onChange={({ currentTarget }) => onChange(STANCES.find((each) => each === currentTarget.value) ?? null)}
    />
  );
}

export function AttributionField({ value, onChange, error }: ChoiceProps<Schemas['Attribution']>) {
  return (
    <NativeSelect
      name="attribution"
      label={words.attribution}
      size="sm"
      value={value}
      error={error}
      data={ATTRIBUTIONS.map((each) => ({ value: each, label: texts.attributions[each] }))}
      onChange={({ currentTarget }) => {
        const chosen = ATTRIBUTIONS.find((each) => each === currentTarget.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    />
  );
}
