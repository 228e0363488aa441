import type { Ref } from 'react';
import type { Schemas } from '../api/client.js';
import { texts } from '../texts/texts.js';
import { Picker, type Choice } from './picker.js';
import type { ActRule } from './queries.js';
import { findBySpelling } from './spelling.js';

const { form: words } = texts.record;

interface ActFieldProps {
  readonly acts: readonly ActRule[];
  readonly value: Schemas['Act'] | null;
  readonly onChange: (act: Schemas['Act'] | null) => void;
  readonly error: string | null;
  readonly inputRef: Ref<HTMLInputElement>;
}

/** What was done, by its name or by words of its description. */
export function ActField({ acts, value, onChange, error, inputRef }: ActFieldProps) {
  const chosen = acts.find(({ act }) => act === value);
  return (
    <Picker
      inputRef={inputRef}
      name="act"
      label={words.act}
      required
      placeholder={words.actHelp}
      description={chosen?.meaning}
      nothing={words.noActs}
      value={value}
      shown={value === null ? null : texts.record.act(value)}
      error={error}
      onChange={(picked) => onChange(acts.find(({ act }) => act === picked)?.act ?? null)}
      choicesFor={(typed) => choicesFor(acts, typed)}
    />
  );
}

function choicesFor(acts: readonly ActRule[], typed: string): Choice[] {
  const named = acts.map((rule) => ({
    ...rule,
    id: rule.act,
    name: texts.record.act(rule.act),
    aliases: [texts.record.spelled(rule.act)],
  }));
  const byName = findBySpelling(named, typed).map(({ thing }) => thing);
  const sought = typed.trim().toLowerCase();
  const described = named.filter(
    (rule) => !byName.includes(rule) && rule.meaning.toLowerCase().includes(sought),
  );
  return [...byName, ...described].map(({ act, name, meaning }) => ({
    value: act,
    label: name,
    hint: meaning,
  }));
}
