import { Button, Kbd, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { answered, api, Refusal } from '../api/client.js';
import { Quote } from '../design/quote.js';
import { ProblemNote } from '../design/page.js';
import { texts } from '../texts/texts.js';
import { decideDraft } from './decide.js';
import { inputOf, nextDraft, withNewKey, type Draft, type Fields } from './draft.js';
import { EffectNote } from './effect-note.js';
import { byField, errorsOf, type Errors } from './errors.js';
import { NewThing, type Wanted } from './new-thing.js';
import { passageOf } from './passages.js';
import { useActs, useParties, useSpeakers, useStatement, useTopics, type Source } from './queries.js';
import { StatementForm } from './statement-form.js';
import type { Verdict } from './verdict.js';
import style from './form.module.css';

const { form: words } = texts.record;

interface DraftFormProps {
  readonly dossier: string;
  readonly source: Source;
  readonly draft: Draft;
  readonly onChange: (change: (before: Draft) => Draft) => void;
  /** It has been recorded. */
  readonly onDone: () => void;
  readonly actInput: RefObject<HTMLInputElement | null>;
}

/** The draft of a statement, until it is recorded: whatever fails, what was typed stays. */
export function DraftForm({ dossier, source, draft, onChange, onDone, actInput }: DraftFormProps) {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [wanted, want] = useState<Wanted | null>(null);
  const [errors, setErrors] = useState<Errors>({});
  const { fields, passage: taken } = draft;
  const { data: acts } = useActs();
  const { data: parties } = useParties(dossier);
  const { data: speakers } = useSpeakers(dossier);
  const { data: topics } = useTopics(dossier);
  const { data: referred = null } = useStatement(dossier, fields.refersTo);

  const text = source.text ?? null;
  const quote = fields.quote.trim();
  const passage =
    text !== null && taken !== null ? passageOf(text, taken) : quote === '' ? null : { exact: quote };
  const isKnown = parties && speakers && topics && (fields.refersTo === null || referred !== null);
  const verdict: Verdict | null = isKnown
    ? decideDraft(draft, passage, source, { parties, speakers, topics, referred })
    : null;

  const save = useMutation({
    mutationFn: ({ act, ...input }: ReturnType<typeof inputOf> & { key: string }) => {
      const { key, ...body } = input;
      if (act === null) throw new Error('An act is asked for before anything is sent.');
      const params = { path: { dossier }, header: { 'Idempotency-Key': key } };
      return answered(api.POST('/api/v1/dossiers/{dossier}/statements', { params, body: { ...body, act } }));
    },
    onSuccess: ({ act }) => {
      notifications.show({
        message: words.saved(texts.record.act(act)),
        withCloseButton: false,
        autoClose: 2_500,
      });
      setErrors({});
      onChange((before) => nextDraft(before.fields));
      void client.invalidateQueries({ queryKey: [dossier] });
      onDone();
    },
    onError: (error) => refuse(errorsOf(error)),
  });

  const refuse = (found: Errors): void => {
    setErrors(found);
    const bad = new Set(Object.keys(found));
    window.setTimeout(() => firstOf(form.current, bad)?.focus());
  };
  const submit = (): void => {
    if (save.isPending || wanted !== null) return;
    save.reset();
    if (fields.act === null || (verdict !== null && verdict.decided === null))
      return refuse(byField(verdict?.findings ?? [{ path: 'act', message: words.required }]));
    setErrors({});
    save.mutate({ ...inputOf(draft, source.id, passage), key: draft.key });
  };
  useSaveKey(submit);
  const set = (change: Partial<Fields>): void => {
    onChange((before) => ({ ...before, fields: { ...before.fields, ...change } }));
    setErrors((before) => without(before, Object.keys(change)));
  };
  const isSentBefore = save.error instanceof Refusal && save.error.problem.code === 'idempotency-mismatch';
  const nameOf = (kind: 'party' | 'topic', id: string): string =>
    (kind === 'party' ? parties : topics)?.find((each) => each.id === id)?.name ?? '';

  return (
    <>
      <form
        ref={form}
        className={style.form}
        aria-label={words.title}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="label">{words.title}</div>
        {text === null ? (
          <Textarea
            name="passage"
            label={texts.record.text.quote}
            dir="auto"
            autosize
            minRows={2}
            value={fields.quote}
            error={errors['passage']}
            onChange={({ currentTarget }) => set({ quote: currentTarget.value })}
          />
        ) : (
          <Passage
            words={passage?.exact ?? null}
            language={source.language}
            error={errors['passage'] ?? null}
            onClear={() => onChange((before) => ({ ...before, passage: null }))}
          />
        )}
        <StatementForm
          dossier={dossier}
          acts={acts ?? []}
          parties={parties ?? []}
          speakers={speakers ?? []}
          topics={topics ?? []}
          referred={referred}
          fields={fields}
          onChange={set}
          errors={errors}
          onAdd={want}
          actInput={actInput}
        />
        {save.error && !isSentBefore && (
          <div>
            <ProblemNote error={save.error} />
            <p className={style.needed}>{words.failed}</p>
          </div>
        )}
        {isSentBefore && (
          <div role="alert">
            <p>{words.recordedBefore}</p>
            <Button variant="default" size="xs" onClick={() => onChange(withNewKey)}>
              {words.asAnother}
            </Button>
          </div>
        )}
        <div className={style.end}>
          {verdict?.decided && <EffectNote dossier={dossier} decided={verdict.decided} nameOf={nameOf} />}
          <div className={style.actions}>
            <Button type="submit" loading={save.isPending}>
              {words.save}
            </Button>
            <span className="screen-only">
              <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
            </span>
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                onChange((before) => nextDraft(before.fields));
                setErrors({});
                save.reset();
              }}
            >
              {words.discard}
            </Button>
          </div>
        </div>
      </form>
      {wanted && (
        <NewThing
          dossier={dossier}
          wanted={wanted}
          parties={parties ?? []}
          onClose={() => want(null)}
          onAdded={(id) => {
            set(wanted.kind === 'speaker' ? { speaker: id, party: null } : { [wanted.kind]: id });
            want(null);
          }}
        />
      )}
    </>
  );
}

interface PassageProps {
  readonly words: string | null;
  readonly language: string | null;
  readonly error: string | null;
  readonly onClear: () => void;
}

function Passage({ words: quoted, language, error, onClear }: PassageProps) {
  return (
    <div className={style.passage} data-taken={quoted !== null || undefined}>
      {quoted === null ? (
        <span className={style.needed}>{words.noPassage}</span>
      ) : (
        <Quote
          language={language}
          by={
            <Button variant="subtle" size="compact-xs" color="gray" onClick={onClear} tabIndex={-1}>
              {words.clearPassage}
            </Button>
          }
        >
          {quoted}
        </Quote>
      )}
      {error && (
        <div className={style.wrong} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

/** Ctrl+Enter (⌘+Enter) anywhere on the page. */
function useSaveKey(save: () => void): void {
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function firstOf(form: HTMLFormElement | null, bad: ReadonlySet<string>): HTMLElement | undefined {
  const fields = form?.querySelectorAll<HTMLElement>('[name]') ?? [];
  return [...fields].find((field) => bad.has(field.getAttribute('name') ?? '') && field.tabIndex >= 0);
}

function without(errors: Errors, fields: readonly string[]): Errors {
  return Object.fromEntries(Object.entries(errors).filter(([field]) => !fields.includes(field)));
}
