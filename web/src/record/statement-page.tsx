import { Alert, Button } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { Ban, Pencil, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Refusal } from '../api/client.js';
import { useMay } from '../api/may.js';
import { Answer } from '../design/answer.js';
import { Page } from '../design/page.js';
import { Paraphrase, Quote } from '../design/quote.js';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { CorrectForm } from './correct-form.js';
import { Erased } from './erased.js';
import { lineOf, voiceOf, wordsOf } from './labels.js';
import { useStatement, type Statement } from './queries.js';
import { StandingForm } from './standing-form.js';
import { StatementContext } from './statement-context.js';
import { StatementFacts } from './statement-facts.js';
import { StatementHistory } from './statement-history.js';
import { StatementReplies } from './statement-replies.js';
import style from './statement-page.module.css';

const { page: words, standing } = texts.record;

export function StatementPage() {
  const { dossier, statement } = useParams({ from: '/d/$dossier/statements/$statement' });
  const answer = useStatement(dossier, statement);
  const may = useMay(dossier);
  const erased = answer.error instanceof Refusal ? answer.error.problem.redacted : undefined;
  if (erased !== undefined)
    return (
      <Page title={texts.record.erased.title} isTitleHidden>
        <Erased redaction={erased} />
        {may.audit && <StatementHistory dossier={dossier} statement={erased} />}
      </Page>
    );
  return (
    <Answer of={answer}>{(found) => <Shown key={found.id} dossier={dossier} statement={found} />}</Answer>
  );
}

/** A statement: first what was said, then what it is, where it stands, what it answers and what answers it, and what we did to our record of it. */
function Shown({ dossier, statement }: { readonly dossier: string; readonly statement: Statement }) {
  const may = useMay(dossier);
  const [doing, set] = useState<'correct' | 'standing' | null>(null);
  const { voided } = statement;
  const actions = may.record && doing === null && (
    <>
      {voided === null && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Pencil size={14} aria-hidden />}
          onClick={() => set('correct')}
        >
          {words.correct}
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={voided === null ? <Ban size={14} aria-hidden /> : <Undo2 size={14} aria-hidden />}
        onClick={() => set('standing')}
      >
        {voided === null ? standing.void.open : standing.restore.open}
      </Button>
    </>
  );
  return (
    <Page title={lineOf(statement)} isTitleHidden>
      <div className={style.page}>
        <article className={style.main}>
          {voided && (
            <Alert
              variant="outline"
              color="gray"
              icon={<Ban aria-hidden />}
              mb="md"
              style={{ borderColor: 'var(--rule-strong)' }}
            >
              <span dir="auto">{words.voided(voided.reason)}</span>
            </Alert>
          )}
          <div data-voided={voided !== null || undefined} className={style.said}>
            <Said statement={statement} />
          </div>
          {actions && <div className={style.actions}>{actions}</div>}
          {doing === 'correct' ? (
            <CorrectForm dossier={dossier} statement={statement} onDone={() => set(null)} />
          ) : (
            <StatementContext dossier={dossier} statement={statement} />
          )}
          <StatementReplies dossier={dossier} statement={statement} />
          {may.audit && <StatementHistory dossier={dossier} statement={statement} />}
        </article>
        <aside className={style.side} aria-label={words.facts}>
          <StatementFacts dossier={dossier} statement={statement} />
        </aside>
      </div>
      {doing === 'standing' && (
        <StandingForm dossier={dossier} statement={statement} onClose={() => set(null)} />
      )}
    </Page>
  );
}

function Said({ statement }: { readonly statement: Statement }) {
  const { passage, language, attribution, saidAt, act } = statement;
  const by = (
    <>
      <span dir="auto">{voiceOf(statement)}</span> · {texts.record.act(act)} · <SaidAt edtf={saidAt} /> ·{' '}
      {texts.attributions[attribution]}
    </>
  );
  if (passage === null) return <Paraphrase by={by}>{wordsOf(statement)}</Paraphrase>;
  return (
    <Quote size="large" language={language} by={by}>
      {passage.exact}
    </Quote>
  );
}
