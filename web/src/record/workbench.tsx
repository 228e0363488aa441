import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowLeftRight, Keyboard } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { DraftForm } from './draft-form.js';
import { useDraft } from './draft.js';
import { KeysHelp } from './keys-help.js';
import { shortened } from './labels.js';
import { marksOf } from './passages-of-statements.js';
import { isQuoted } from './passages.js';
import { useStatementsOfSource, type Source, type Statement } from './queries.js';
import { RecordedList } from './recorded-list.js';
import type { Stretch } from './selecting.js';
import { SourceText } from './source-text.js';
import { WebAddress } from './web-address.js';
import style from './workbench.module.css';

const { text: words, keys } = texts.record;

interface WorkbenchProps {
  readonly dossier: string;
  readonly source: Source;
}

/** A source's text, a form for what is selected in it, and what has been recorded of it. */
export function Workbench({ dossier, source }: WorkbenchProps) {
  const text = source.text ?? null;
  const [draft, change] = useDraft(dossier, source.id);
  const [isHelpOpen, help] = useState(false);
  const { data: statements = NONE } = useStatementsOfSource(dossier, source.id);
  const place = useRef<HTMLDivElement>(null);
  const actInput = useRef<HTMLInputElement>(null);
  const marks = useMemo(() => marksOf(text, statements), [text, statements]);
  useEffect(() => place.current?.focus(), [source.id]);

  const select = (passage: Stretch): void =>
    change((before) => ({
      ...before,
      passage,
      fields: {
        ...before.fields,
        attribution:
          text !== null && isQuoted(text, passage)
            ? 'direct'
            : before.fields.attribution === 'direct'
              ? 'paraphrase'
              : before.fields.attribution,
      },
    }));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === '?' && !isTypedInto(event.target)) help(true);
    else if (event.key === 'Escape' && !isExpanded(event.target) && !event.defaultPrevented)
      place.current?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div className={style.bench} onKeyDown={onKeyDown}>
      <section className={style.source} aria-label={texts.record.source}>
        <header className={style.head}>
          <h2 className={style.title} dir="auto">
            {source.title}
          </h2>
          <div className={style.about}>
            {source.outlet && <span dir="auto">{source.outlet}</span>}
            {source.publishedAt && <SaidAt edtf={source.publishedAt} />}
            <WebAddress url={source.url} />
            <Link to="/d/$dossier/sources/$source" params={{ dossier, source: source.slug ?? source.id }}>
              {words.about}
            </Link>
            <Link to="/d/$dossier/record" params={{ dossier }} className={style.other}>
              <ArrowLeftRight size={14} aria-hidden /> {words.other}
            </Link>
            <Tooltip label={keys.title}>
              <ActionIcon variant="subtle" color="gray" aria-label={keys.show} onClick={() => help(true)}>
                <Keyboard size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </div>
        </header>
        {text === null ? (
          <p>{words.noText}</p>
        ) : (
          <>
            <p className={style.hint}>{words.keys}</p>
            <SourceText
              text={text}
              language={source.language}
              marks={marks}
              selected={draft.passage}
              onSelect={select}
              onTake={() => actInput.current?.focus()}
              place={place}
            />
          </>
        )}
      </section>
      {draft.passage && text !== null && (
        <div className={style.take}>
          <span dir="auto">{shortened(text.slice(draft.passage.start, draft.passage.end))}</span>
          <Button size="xs" onClick={() => actInput.current?.focus()}>
            {words.take}
          </Button>
        </div>
      )}
      <aside className={style.side}>
        <DraftForm
          dossier={dossier}
          source={source}
          draft={draft}
          onChange={change}
          onDone={() => place.current?.focus()}
          actInput={actInput}
        />
        <RecordedList dossier={dossier} statements={statements} isTextKnown={text !== null} />
      </aside>
      <KeysHelp isOpen={isHelpOpen} onClose={() => help(false)} />
    </div>
  );
}

const NONE: readonly Statement[] = [];

function isTypedInto(target: EventTarget): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/u.test(target.tagName);
}

/** An open list or dialog closes by Escape first. */
function isExpanded(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    (target.getAttribute('aria-expanded') === 'true' || target.closest('[role="dialog"]') !== null)
  );
}
