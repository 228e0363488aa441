import { Button, Group, Modal, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { answered, api, Refusal, type Schemas } from '../api/client.js';
import { texts } from '../texts/texts.js';
import { PARTY_KINDS } from '../../../src/domain/cast.js';
import { errorsOf } from './errors.js';
import type { Party } from './queries.js';
import { ThingField } from './thing-field.js';

const { add: words } = texts.record;

/** What is to be added, and what it was called while typing. */
export interface Wanted {
  readonly kind: 'party' | 'speaker' | 'topic';
  readonly name: string;
}

interface NewThingProps {
  readonly dossier: string;
  readonly wanted: Wanted;
  readonly parties: readonly Party[];
  readonly onAdded: (id: string) => void;
  readonly onClose: () => void;
}

interface Filled {
  readonly name: string;
  readonly aliases: string[];
  readonly kind: Schemas['PartyKind'];
  /** Whom a speaker speaks for: an id, or a party that is still to be added. */
  readonly party: string | null;
  readonly newParty: string | null;
  readonly role: string;
  readonly proposition: string;
}

/** In place of the id that a new party does not have yet. */
const NEW = 'new';

/** Adds a party, speaker or topic over the form that it is for, which stays as it is. */
export function NewThing({ dossier, wanted, parties, onAdded, onClose }: NewThingProps) {
  const client = useQueryClient();
  const [filled, setFilled] = useState<Filled>({
    name: wanted.name,
    aliases: [],
    kind: 'other',
    party: null,
    newParty: null,
    role: '',
    proposition: '',
  });
  const set = (change: Partial<Filled>): void => setFilled((before) => ({ ...before, ...change }));
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => {
      const party = filled.party === NEW ? await addParty() : filled.party;
      return add(dossier, wanted.kind, { ...filled, party });
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: [dossier] });
      onAdded(id);
    },
  });
  /** It stays added where the speaker is refused afterwards. */
  const addParty = async (): Promise<string> => {
    const { id } = await add(dossier, 'party', { ...filled, name: filled.newParty ?? '', aliases: [] });
    await client.invalidateQueries({ queryKey: [dossier] });
    set({ party: id, newParty: null });
    return id;
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    event.stopPropagation(); // the form beneath is another one
    mutate();
  };
  const errors = errorsOf(error);
  return (
    <Modal
      opened
      onClose={onClose}
      title={words[wanted.kind]}
      closeButtonProps={{ 'aria-label': words.cancel }}
    >
      <form onSubmit={submit} onKeyDown={(event) => event.stopPropagation()}>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            required
            label={words.name}
            dir="auto"
            value={filled.name}
            error={errors['name']}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          {wanted.kind !== 'topic' && (
            <TagsInput
              label={words.aliases}
              description={words.aliasesHelp}
              splitChars={[]}
              value={filled.aliases}
              error={errors['aliases']}
              onChange={(aliases) => set({ aliases })}
            />
          )}
          {wanted.kind === 'party' && (
            <NativeSelect
              label={words.kind}
              value={filled.kind}
              data={PARTY_KINDS.map((value) => ({ value, label: words.kinds[value] }))}
              onChange={({ currentTarget }) => {
                const kind = PARTY_KINDS.find((each) => each === currentTarget.value);
                if (kind !== undefined) set({ kind });
              }}
            />
          )}
          {wanted.kind === 'speaker' && (
            <>
              <ThingField
                label={words.affiliation}
                name="affiliation"
                placeholder={words.none}
                things={filled.newParty === null ? parties : [...parties, { id: NEW, name: filled.newParty }]}
                value={filled.party}
                error={errors['affiliations']}
                onChange={(party) => set({ party })}
                onAdd={(newParty) => set({ party: NEW, newParty })}
              />
              {filled.party !== null && (
                <TextInput
                  label={words.role}
                  dir="auto"
                  value={filled.role}
                  onChange={({ currentTarget }) => set({ role: currentTarget.value })}
                />
              )}
            </>
          )}
          {wanted.kind === 'topic' && (
            <TextInput
              label={words.proposition}
              description={words.propositionHelp}
              dir="auto"
              value={filled.proposition}
              error={errors['proposition']}
              onChange={({ currentTarget }) => set({ proposition: currentTarget.value })}
            />
          )}
          {error && (
            <Text c="red" size="sm" role="alert">
              {error instanceof Refusal ? error.message : texts.problems.explain(error)}
            </Text>
          )}
          <Group justify="end" gap="xs">
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

async function add(dossier: string, kind: Wanted['kind'], filled: Filled): Promise<{ readonly id: string }> {
  const { name, aliases, party, role, proposition } = filled;
  const params = { path: { dossier } };
  if (kind === 'party')
    return answered(
      api.POST('/api/v1/dossiers/{dossier}/parties', { params, body: { name, aliases, kind: filled.kind } }),
    );
  if (kind === 'topic')
    return answered(
      api.POST('/api/v1/dossiers/{dossier}/topics', {
        params,
        body: { name, ...(proposition.trim() && { proposition }) },
      }),
    );
  const affiliations = party === null ? [] : [{ party, ...(role.trim() && { role }) }];
  return answered(
    api.POST('/api/v1/dossiers/{dossier}/speakers', { params, body: { name, aliases, affiliations } }),
  );
}
