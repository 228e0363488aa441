import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { Answer } from '../design/answer.js';
import { StanceMark } from '../design/stance-mark.js';
import { SaidAt } from '../design/time.js';
import { Words } from '../design/words.js';
import { texts } from '../texts/texts.js';
import { useStatement } from './ask.js';
import { keyOf, type Mark } from './marks.js';
import style from './timeline.module.css';

const { timeline: words } = texts;

interface DetailProps {
  readonly dossier: string;
  readonly known: string | undefined;
  readonly mark: Mark;
  /** What it answers, and what answers it. */
  readonly answered: Mark | null;
  readonly replies: readonly Mark[];
  readonly onChoose: (mark: Mark | null) => void;
}

/** The words of the chosen statement, and the ways from it. */
export function Detail({ dossier, known, mark, answered: to, replies, onChoose }: DetailProps) {
  const statement = useStatement(dossier, known, mark.id);
  const other = (each: Mark) => (
    <button key={each.id} type="button" className={style.other} onClick={() => onChoose(each)}>
      {texts.acts[each.act]} · <bdi>{each.party?.name ?? each.speaker?.name}</bdi>
    </button>
  );
  return (
    <section className={style.detail} aria-label={words.chosen}>
      <ActionIcon
        className={style.close}
        variant="subtle"
        color="gray"
        aria-label={words.close}
        onClick={() => onChoose(null)}
      >
        <X size={16} aria-hidden />
      </ActionIcon>
      <p className={style.about}>
        <b>{texts.acts[mark.act]}</b>
        {' · '}
        <bdi>{mark.speaker?.name ?? mark.party?.name}</bdi>
      </p>
      <Answer of={statement}>
        {({ id, slug, saidAt, resolved, source, ...worded }) => (
          <>
            <Words
              of={worded}
              by={
                <>
                  <SaidAt edtf={saidAt} />
                  {source && (
                    <>
                      {' · '}
                      <bdi>{source.title}</bdi>
                    </>
                  )}
                </>
              }
            />
            <p className={style.ways}>
              {resolved.stance && <StanceMark stance={resolved.stance} shape="inline" />}
              <Link to="/d/$dossier/statements/$statement" params={{ dossier, statement: slug ?? id }}>
                {words.toStatement}
              </Link>
              {mark.party && mark.topic && (
                <Link
                  to="/d/$dossier/positions/$party/$topic"
                  params={{ dossier, party: keyOf(mark.party), topic: keyOf(mark.topic) }}
                >
                  {words.toPosition}
                </Link>
              )}
            </p>
          </>
        )}
      </Answer>
      {to && (
        <p className={style.replies}>
          {words.answers} {other(to)}
        </p>
      )}
      {replies.length > 0 && (
        <p className={style.replies}>
          {words.answeredBy} {replies.map(other)}
        </p>
      )}
    </section>
  );
}
