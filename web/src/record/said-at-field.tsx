import { TextInput } from '@mantine/core';
import { parseSaidAt } from '../../../src/domain/said-at.js';
import { saidAtInWords } from '../design/dates.js';
import { texts } from '../texts/texts.js';

const { form: words } = texts.record;

interface SaidAtFieldProps {
  readonly value: string;
  readonly onChange: (saidAt: string) => void;
  readonly error: string | null;
  readonly label?: string;
  readonly name?: string;
  readonly required?: boolean;
}

/** An EDTF date, read back in words while it is typed. */
export function SaidAtField({
  value,
  onChange,
  error,
  label = words.saidAt,
  name = 'saidAt',
  required = true,
}: SaidAtFieldProps) {
  const typed = value.trim();
  const isRead = typed !== '' && parseSaidAt(typed) !== null;
  const wrong = typed !== '' && !isRead ? words.saidAtWrong : null;
  return (
    <TextInput
      name={name}
      label={label}
      withAsterisk={required}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      size="sm"
      autoComplete="off"
      dir="ltr"
      value={value}
      description={isRead ? saidAtInWords(typed) : words.saidAtHelp}
      error={error ?? wrong}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
