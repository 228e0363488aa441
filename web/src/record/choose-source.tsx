import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { answered, api } from '../api/client.js';
import { Answer } from '../design/answer.js';
import { ProblemNote } from '../design/page.js';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { errorsOf } from './errors.js';
import { useSources, type Source } from './queries.js';
import { SaidAtField } from './said-at-field.js';
import { findBySpelling } from './spelling.js';
import style from './workbench.module.css';

const { choose: words } = texts.record;
const MOST_SHOWN = 40;

interface ChooseSourceProps {
  readonly dossier: string;
  readonly onAdded: (source: string) => void;
}

/** Where the statements come from: a source that is there, or a new one with its text. */
export function ChooseSource({ dossier, onAdded }: ChooseSourceProps) {
  const sources = useSources(dossier);
  return (
    <div className={style.choose}>
      <section>
        <h2 className="label">{words.existing}</h2>
        <Answer of={sources}>{(items) => <Existing dossier={dossier} sources={items} />}</Answer>
      </section>
      <section>
        <h2 className="label">{words.added}</h2>
        <NewSource dossier={dossier} onAdded={onAdded} />
      </section>
    </div>
  );
}

function Existing({ dossier, sources }: { readonly dossier: string; readonly sources: readonly Source[] }) {
  const [typed, setTyped] = useState('');
  const named = sources.map((source) => ({ ...source, name: source.title }));
  const found = findBySpelling(named.toReversed(), typed).slice(0, MOST_SHOWN);
  if (sources.length === 0) return <p className={style.hint}>{words.none}</p>;
  return (
    <>
      <TextInput
        aria-label={words.find}
        placeholder={words.find}
        value={typed}
        mb="sm"
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {found.length === 0 && <p className={style.hint}>{words.noneFound}</p>}
      <ol className={style.list}>
        {found.map(({ thing: { id, slug, title, outlet, publishedAt, textSha256 } }) => (
          <li key={id}>
            <Link
              to="/d/$dossier/record"
              params={{ dossier }}
              search={{ source: slug ?? id }}
              className={style.words}
            >
              <span dir="auto">{title}</span>
            </Link>
            <div className={style.line}>
              {outlet && <span dir="auto">{outlet}</span>}
              {publishedAt && <SaidAt edtf={publishedAt} />}
              {textSha256 === null && <span>{words.noText}</span>}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

const EMPTY = { title: '', outlet: '', url: '', publishedAt: '', language: '', text: '' };

function NewSource({ dossier, onAdded }: ChooseSourceProps) {
  const client = useQueryClient();
  const [filled, setFilled] = useState(EMPTY);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => {
      const { title, ...others } = filled;
      const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value.trim() !== ''));
      const params = { path: { dossier } };
      return answered(
        api.POST('/api/v1/dossiers/{dossier}/sources', { params, body: { title: title.trim(), ...given } }),
      );
    },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: [dossier] });
      onAdded(id);
    },
  });
  const errors = errorsOf(error);
  const input = (field: 'title' | 'outlet' | 'url' | 'language', dir: 'auto' | 'ltr', help?: string) => (
    <TextInput
      name={field}
      label={field === 'title' ? words.titleOf : words[field]}
      description={help}
      inputWrapperOrder={['label', 'input', 'description', 'error']} // on one line with the date beside it
      required={field === 'title'}
      dir={dir}
      value={filled[field]}
      error={errors[field]}
      onChange={({ currentTarget }) => setFilled((before) => ({ ...before, [field]: currentTarget.value }))}
    />
  );
  return (
    <form
      className={style.fields}
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        mutate();
      }}
    >
      {input('title', 'auto')}
      <div className={style.row}>
        {input('outlet', 'auto')}
        {input('url', 'ltr')}
      </div>
      <div className={style.row}>
        <SaidAtField
          name="publishedAt"
          label={words.publishedAt}
          required={false}
          value={filled.publishedAt}
          error={errors['publishedAt'] ?? null}
          onChange={(publishedAt) => setFilled((before) => ({ ...before, publishedAt }))}
        />
        {input('language', 'ltr', words.languageHelp)}
      </div>
      <Textarea
        name="text"
        label={words.text}
        description={words.textHelp}
        dir="auto"
        rows={12}
        value={filled.text}
        error={errors['text']}
        onChange={({ currentTarget }) => setFilled((before) => ({ ...before, text: currentTarget.value }))}
      />
      {error && Object.keys(errors).length === 0 && <ProblemNote error={error} />}
      <div>
        <Button type="submit" loading={isPending}>
          {words.add}
        </Button>
      </div>
    </form>
  );
}
