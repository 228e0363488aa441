import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly type?: 'text' | 'date';
  readonly onSettle: (text: string | undefined) => void;
}

/** Counts when it is left, or at Enter. */
export function FilterField({ label, value, type = 'text', onSettle }: FilterFieldProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]); // the address leads, wherever it was changed
  const settle = () => draft.trim() !== value && onSettle(draft.trim() || undefined);
  return (
    <TextInput
      size="xs"
      type={type}
      label={label}
      value={draft}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={settle}
      onKeyDown={({ key }) => key === 'Enter' && settle()}
    />
  );
}
