import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SyntheticEvent } from 'react';
import { answered, api, Refusal } from '../api/client.js';
import { ProblemNote } from '../design/page.js';
import { texts } from '../texts/texts.js';
import { changesOf, fieldsOf, rebased, type Corrected } from './correction.js';
import { correctionOf, decideChanges } from './revising.js';
import { errorsOf } from './errors.js';
import { useKeyFor } from './key-for.js';
import { NewThing, type Wanted } from './new-thing.js';
import {
  useActs,
  useParties,
  useSources,
  useSpeakers,
  useStatement,
  useTopics,
  type Statement,
} from './queries.js';
import { RevisionNote } from './revision-note.js';
import { StatementForm } from './statement-form.js';
import { ThingField } from './thing-field.js';
import type { Known } from './verdict.js';
import style from './form.module.css';

const { form: fieldWords, correct: words } = texts.record;

interface CorrectFormProps {
  readonly dossier: string;
  readonly statement: Statement;
  readonly onDone: () => void;
}

/** Corrects our record of a statement: only what was changed is sent, and only if nobody else has changed it meanwhile. */
export function CorrectForm({ dossier, statement, onDone }: CorrectFormProps) {
  const client = useQueryClient();
  const actInput = useRef<HTMLInputElement>(null);
  const keyFor = useKeyFor();
  const [base, setBase] = useState(statement);
  const [fields, setFields] = useState<Corrected>(() => fieldsOf(statement));
  const [reason, setReason] = useState('');
  const [wanted, want] = useState<Wanted | null>(null);
  const { data: acts = [] } = useActs();
  const { data: parties = [] } = useParties(dossier);
  const { data: speakers = [] } = useSpeakers(dossier);
  const { data: topics = [] } = useTopics(dossier);
  const { data: sources = [] } = useSources(dossier);
  const { data: referred = null } = useStatement(dossier, fields.refersTo);
  const changes = changesOf(base, fields);
  const isChanged = Object.keys(changes).length > 0;
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: () => {
      const body = { changes, reason: reason.trim() };
      const header = {
        'If-Match': `"${base.version}"`,
        'Idempotency-Key': keyFor({ ...body, base: base.version }),
      };
      return answered(
        api.POST('/api/v1/dossiers/{dossier}/statements/{id}/correct', {
          params: { path: { dossier, id: base.id }, header },
          body,
        }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [dossier] });
      onDone();
    },
    onError: () => void client.invalidateQueries({ queryKey: [dossier, 'statements'] }),
  });
  const errors = errorsOf(error);
  const set = (change: Partial<Corrected>): void => setFields((before) => ({ ...before, ...change }));
  const isOutdated = error instanceof Refusal && error.problem.code === 'precondition-failed';
  return (
    <form
      className={style.form}
      aria-label={words.title}
      noValidate
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        if (isChanged) mutate();
      }}
    >
      <div className="label">{words.title}</div>
      <p className={style.needed}>{words.about}</p>
      <Textarea
        name="passage"
        label={fieldWords.passage}
        dir="auto"
        autosize
        minRows={2}
        value={fields.quote}
        error={errors['passage']}
        onChange={({ currentTarget }) => set({ quote: currentTarget.value })}
      />
      <StatementForm
        dossier={dossier}
        acts={acts}
        parties={parties}
        speakers={speakers}
        topics={topics}
        referred={referred}
        fields={fields}
        onChange={set}
        errors={errors}
        onAdd={want}
        actInput={actInput}
      />
      <ThingField
        name="source"
        label={texts.record.source}
        things={sources.map((each) => ({ ...each, name: each.title }))}
        value={fields.source}
        error={errors['source'] ?? null}
        onChange={(source) => set({ source })}
      />
      <Textarea
        name="reason"
        label={words.reason}
        description={words.reasonHelp}
        required
        dir="auto"
        autosize
        minRows={2}
        value={reason}
        error={errors['reason']}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      {error && !isOutdated && <ProblemNote error={error} />}
      {isOutdated && (
        <div role="alert">
          <p>{words.outdated}</p>
          <Button
            variant="default"
            size="xs"
            disabled={statement.version === base.version}
            onClick={() => {
              setFields(rebased(base, fields, statement));
              setBase(statement);
              reset();
            }}
          >
            {words.keepMine}
          </Button>
        </div>
      )}
      <div className={style.foot}>
        {isChanged && !isPending && (
          <Preview
            dossier={dossier}
            statement={base}
            changes={changes}
            known={{ parties, speakers, topics, sources, referred }}
          />
        )}
        <div className={style.actions}>
          <Button type="submit" loading={isPending} disabled={!isChanged}>
            {words.save}
          </Button>
          <Button variant="default" onClick={onDone}>
            {words.cancel}
          </Button>
          {!isChanged && <span className={style.needed}>{words.nothing}</span>}
        </div>
      </div>
      {wanted && (
        <NewThing
          dossier={dossier}
          wanted={wanted}
          parties={parties}
          onClose={() => want(null)}
          onAdded={(id) => {
            set(wanted.kind === 'speaker' ? { speaker: id, party: null } : { [wanted.kind]: id });
            want(null);
          }}
        />
      )}
    </form>
  );
}

interface PreviewProps {
  readonly dossier: string;
  readonly statement: Statement;
  readonly changes: ReturnType<typeof changesOf>;
  readonly known: Known;
}

/** Nothing where the correction would be refused: the refusal says why. */
function Preview({ dossier, statement, changes, known }: PreviewProps) {
  const { decided } = decideChanges(statement, changes, known);
  if (decided === null) return null;
  const nameOf = (kind: 'party' | 'topic', id: string): string =>
    (kind === 'party' ? known.parties : known.topics).find((each) => each.id === id)?.name ?? '';
  return <RevisionNote dossier={dossier} changes={correctionOf(statement, decided)} nameOf={nameOf} />;
}
