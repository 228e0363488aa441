import { Button, Group, Modal, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { Refusal } from '../api/client.js';
import { ProblemNote } from '../design/page.js';
import { texts } from '../texts/texts.js';
import { AffiliationFields } from './affiliation-fields.js';
import { changedFields, draftOf, FIELDS, type AffiliationDraft, type Draft, type Field } from './fields.js';
import { nameOf, save, type Kind, type Listed } from './records.js';
import style from './record-form.module.css';

const { lists: words } = texts;

interface RecordFormProps {
  readonly dossier: string;
  readonly kind: Kind;
  /** Null: a new one. */
  readonly record: Listed | null;
  readonly onClose: () => void;
}

/** Each change becomes an event of the log, and is not lost if it is refused: the form stays as it is, with what is wrong beside its field. */
export function RecordForm({ dossier, kind, record, onClose }: RecordFormProps) {
  const [before] = useState(() => draftOf(kind, record));
  const [draft, setDraft] = useState<Draft>(before);
  const client = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => save(kind, dossier, record?.id ?? null, changedFields(before, draft)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [dossier] });
      notifications.show({ message: words.saved });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (JSON.stringify(before) === JSON.stringify(draft)) onClose();
    else mutate();
  };
  const wrong = error instanceof Refusal ? (error.problem.errors ?? []) : [];
  const named = new Set<string>(FIELDS[kind].map(({ name }) => name));
  const isExplained = wrong.length > 0 && wrong.every(({ path }) => named.has(path));
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={record === null ? words.add[kind] : words.editNamed(nameOf(record))}
    >
      <form onSubmit={submit}>
        <Stack>
          {FIELDS[kind].map((field) => (
            <FieldInput
              key={field.name}
              {...{ dossier, field }}
              value={draft[field.name] ?? ''}
              error={wrong.find(({ path }) => path === field.name)?.message}
              onChange={(value) => setDraft((all) => ({ ...all, [field.name]: value }))}
            />
          ))}
          {record !== null && kind !== 'sources' && <p className={style.merging}>{words.merging[kind]}</p>}
          {error && !isExplained && <ProblemNote error={error} />}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {words.cancel}
            </Button>
            <Button type="submit" loading={isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldInputProps {
  readonly dossier: string;
  readonly field: Field;
  readonly value: Draft[string];
  readonly error: string | undefined;
  readonly onChange: (value: Draft[string]) => void;
}

function FieldInput({ dossier, field: { name, form, isRequired }, value, error, onChange }: FieldInputProps) {
  const common = { label: words.fields[name], error, required: isRequired ?? false };
  if (form === 'affiliations')
    return (
      <AffiliationFields
        dossier={dossier}
        value={
          typeof value === 'string'
            ? []
            : value.filter((each): each is AffiliationDraft => typeof each !== 'string')
        }
        onChange={onChange}
      />
    );
  if (form === 'list')
    return (
      <TagsInput
        {...common}
        description={words.enterEach}
        value={typeof value === 'string' ? [] : value.filter((each) => typeof each === 'string')}
        onChange={onChange}
      />
    );
  const text = typeof value === 'string' ? value : '';
  if (form === 'kind')
    return (
      <Select
        {...common}
        allowDeselect={false}
        data={Object.entries(words.partyKinds).map(([key, label]) => ({ value: key, label }))}
        value={text}
        onChange={(chosen) => onChange(chosen ?? 'other')}
      />
    );
  const Input = form === 'lines' ? Textarea : TextInput;
  return (
    <Input
      {...common}
      dir="auto"
      value={text}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
