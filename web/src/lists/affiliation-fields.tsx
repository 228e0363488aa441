import { ActionIcon, Button, Fieldset, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { answered, api } from '../api/client.js';
import { texts } from '../texts/texts.js';
import style from './affiliation-fields.module.css';
import type { AffiliationDraft } from './fields.js';

const { lists: words } = texts;
const NEW: AffiliationDraft = { party: '', role: '', from: '', to: '' };

interface AffiliationFieldsProps {
  readonly dossier: string;
  readonly value: readonly AffiliationDraft[];
  readonly onChange: (value: readonly AffiliationDraft[]) => void;
}

/** For which parties somebody spoke, in what role, and from when to when. */
export function AffiliationFields({ dossier, value, onChange }: AffiliationFieldsProps) {
  const { data } = useQuery({
    queryKey: [dossier, 'parties', 'to choose from'],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/parties', {
          params: { path: { dossier }, query: { limit: 500 } },
          signal,
        }),
      ),
  });
  const parties = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const change = (at: number, part: Partial<AffiliationDraft>): void =>
    onChange(value.map((each, index) => (index === at ? { ...each, ...part } : each)));
  return (
    <Fieldset legend={words.fields.affiliations} variant="unstyled">
      {value.map((each, index) => (
        <div key={index} className={style.row}>
          <Select
            label={words.party}
            required
            searchable
            data={parties}
            value={each.party || null}
            onChange={(party) => change(index, { party: party ?? '' })}
          />
          <TextInput
            label={words.role}
            value={each.role}
            onChange={({ currentTarget }) => change(index, { role: currentTarget.value })}
          />
          <TextInput
            label={words.from}
            placeholder="2024-05"
            value={each.from}
            onChange={({ currentTarget }) => change(index, { from: currentTarget.value })}
          />
          <TextInput
            label={words.to}
            placeholder="2025-01-31"
            value={each.to}
            onChange={({ currentTarget }) => change(index, { to: currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={words.removeAffiliation(index + 1)}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <Trash2 size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => onChange([...value, NEW])}
      >
        {words.addAffiliation}
      </Button>
    </Fieldset>
  );
}
