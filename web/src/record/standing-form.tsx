import { Button, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { answered, api } from '../api/client.js';
import { ProblemNote } from '../design/page.js';
import { texts } from '../texts/texts.js';
import { errorsOf } from './errors.js';
import { useKeyFor } from './key-for.js';
import type { Statement } from './queries.js';
import { standingChangeOf } from './revising.js';
import { RevisionNote } from './revision-note.js';

const { standing: words } = texts.record;

interface StandingFormProps {
  readonly dossier: string;
  readonly statement: Statement;
  readonly onClose: () => void;
}

/** Voids a statement, or restores one that was voided: our record was wrong, the speaker said nothing new. */
export function StandingForm({ dossier, statement, onClose }: StandingFormProps) {
  const client = useQueryClient();
  const keyFor = useKeyFor();
  const [reason, setReason] = useState('');
  const [begun] = useState(statement); // as it was when somebody began to change it
  const { id, version, voided, resolved } = begun;
  const told = voided === null ? words.void : words.restore;
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => {
      const body = { reason: reason.trim() };
      const header = { 'If-Match': `"${version}"`, 'Idempotency-Key': keyFor({ ...body, version }) };
      const request = { params: { path: { dossier, id }, header }, body };
      return answered(
        voided === null
          ? api.POST('/api/v1/dossiers/{dossier}/statements/{id}/void', request)
          : api.POST('/api/v1/dossiers/{dossier}/statements/{id}/restore', request),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [dossier] });
      onClose();
    },
  });
  const errors = errorsOf(error);
  return (
    <Modal opened onClose={onClose} title={told.title} closeButtonProps={{ 'aria-label': words.cancel }}>
      <form
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{told.about}</Text>
          <Textarea
            data-autofocus
            required
            name="reason"
            label={words.reason}
            dir="auto"
            autosize
            minRows={2}
            value={reason}
            error={errors['reason']}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {!isPending && (
            <RevisionNote
              dossier={dossier}
              changes={standingChangeOf(begun)}
              nameOf={(kind) => resolved[kind]?.name ?? ''}
            />
          )}
          {error && <ProblemNote error={error} />}
          <div>
            <Button type="submit" loading={isPending} disabled={reason.trim() === ''}>
              {told.save}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}
