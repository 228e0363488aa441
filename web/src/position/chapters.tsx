import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Gavel } from 'lucide-react';
import { useEffect, useState, type ReactElement } from 'react';
import { Filled } from '../design/filled.js';
import { Paraphrase } from '../design/quote.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant, SaidAt } from '../design/time.js';
import { Words } from '../design/words.js';
import { texts } from '../texts/texts.js';
import type { Pair, Statement } from './ask.js';
import { Conditions } from './lead.js';
import style from './position.module.css';
import type { Chapter, Piece, Story } from './story.js';

const { position: words } = texts;

/** How many pieces of a position are shown before the rest is asked for. */
const FIRST = 12;

interface ChaptersProps {
  readonly pair: Pair;
  readonly story: Story;
  /** Whose words somebody wants to see. */
  readonly wanted: string | null;
}

/** Every position with all that it rests on, the newest first. */
export function Chapters({ pair, story: { chapters, before, current }, wanted }: ChaptersProps) {
  useEffect(() => {
    const place = wanted === null ? null : document.getElementById(wanted);
    place?.scrollIntoView({ block: 'center' });
    place?.focus({ preventScroll: true });
  }, [wanted]);
  const section = (chapter: Chapter) => (
    <ChapterSection
      key={chapter.from + chapter.stance}
      pair={pair}
      chapter={chapter}
      isCurrent={chapter === current}
      wanted={wanted}
    />
  );
  const newestFirst = chapters.toReversed();
  const later = newestFirst.filter(({ isLater }) => isLater);
  return (
    <section aria-label={words.positions}>
      {newestFirst.filter(({ isLater }) => !isLater).map(section)}
      {before.length > 0 && (
        <section className={style.chapter}>
          <h2 className={style.heading}>
            <StanceMark stance={null} />
            <span className={style.dim}>{words.beforeAny}</span>
          </h2>
          <Pieces wanted={wanted}>
            {before.map((each) => (
              <Evidence key={each.id} pair={pair} record={each} role={null} />
            ))}
          </Pieces>
        </section>
      )}
      {later.length > 0 && (
        <details className={style.laterOnes} open={later.some((each) => holds(each, wanted)) || undefined}>
          <summary>{words.laterOnes(later.length)}</summary>
          {later.map(section)}
        </details>
      )}
    </section>
  );
}

const holds = ({ pieces }: Chapter, wanted: string | null): boolean => pieces.some(({ id }) => id === wanted);

interface ChapterProps {
  readonly pair: Pair;
  readonly chapter: Chapter;
  readonly isCurrent: boolean;
  readonly wanted: string | null;
}

function ChapterSection({ pair, chapter, isCurrent, wanted }: ChapterProps) {
  const { stance, conditions, from, to, shift, pieces } = chapter;
  return (
    <section className={style.chapter} data-current={isCurrent || undefined}>
      <h2 className={style.heading}>
        {shift && <span className={style.shift}>{texts.shifts[shift.kind]}</span>}
        <StanceMark stance={stance} />
        {conditions.length > 0 && <Conditions of={conditions} />}
        <span className={style.span}>
          <Filled
            text={to === null ? words.fromOn : words.fromTo}
            with={{ from: <Instant at={iso(from)} />, to: to === null ? null : <Instant at={iso(to)} /> }}
          />
        </span>
      </h2>
      <Pieces wanted={wanted}>
        {pieces.map((piece) => (
          <PieceItem key={piece.id} pair={pair} piece={piece} />
        ))}
      </Pieces>
    </section>
  );
}

interface PiecesProps {
  readonly children: readonly ReactElement[];
  readonly wanted: string | null;
}

function Pieces({ children, wanted }: PiecesProps) {
  const [isOpened, open] = useState(false);
  const rest = children.length - FIRST;
  const all = isOpened || children.slice(FIRST).some(({ key }) => key === wanted);
  return (
    <>
      <ol className={style.pieces}>{all ? children : children.slice(0, FIRST)}</ol>
      {!all && rest > 0 && (
        <Button variant="default" size="xs" className="screen-only" onClick={() => open(true)}>
          {words.more(rest)}
        </Button>
      )}
    </>
  );
}

function PieceItem({ pair, piece }: { readonly pair: Pair; readonly piece: Piece }) {
  return piece.kind === 'statement' ? (
    <Evidence pair={pair} record={piece.record} role={piece.role} />
  ) : (
    <Judgement piece={piece} />
  );
}

interface EvidenceProps {
  readonly pair: Pair;
  readonly record: Statement;
  /** Null: it was said before there was a position. */
  readonly role: Piece['role'] | null;
}

function Evidence({ pair: { dossier }, record, role }: EvidenceProps) {
  const { id, slug, act, speaker, party, saidAt, source, attribution, recordedBy, recordedAt } = record;
  return (
    <li id={id} className={style.piece} data-role={role ?? 'none'} tabIndex={-1}>
      <div className={style.side}>
        <SaidAt edtf={saidAt} />
        <span className={style.act}>{texts.acts[act]}</span>
        {role && <span className={style.role}>{words.roles[role]}</span>}
      </div>
      <div>
        <Words
          of={record}
          by={
            <>
              <b>
                <bdi>{speaker?.name ?? party?.name ?? record.resolved.party?.name}</bdi>
              </b>
              {` · ${texts.attributions[attribution]} · `}
              {source !== null && (
                <>
                  <Link
                    to="/d/$dossier/sources/$source"
                    params={{ dossier, source: source.slug ?? source.id }}
                  >
                    <bdi>{source.title}</bdi>
                  </Link>
                  {' · '}
                </>
              )}
              <Link to="/d/$dossier/statements/$statement" params={{ dossier, statement: slug ?? id }}>
                {words.statement}
              </Link>
            </>
          }
        />
        {record.resolved.conditions.length > 0 && <Conditions of={record.resolved.conditions} />}
        <Recorded by={recordedBy} at={recordedAt} />
      </div>
    </li>
  );
}

function Judgement({ piece }: { readonly piece: Extract<Piece, { kind: 'assessment' }> }) {
  const { id, role, saidAt, record } = piece;
  return (
    <li id={id} className={style.piece} data-role={role} data-judged tabIndex={-1}>
      <div className={style.side}>
        <SaidAt edtf={saidAt} />
        <span className={style.act}>
          <Gavel size={13} aria-hidden className={style.icon} />
          {texts.acts.PositionAssessed}
        </span>
        <span className={style.role}>{words.roles[role]}</span>
      </div>
      <div>
        <Paraphrase by={words.judgement(record.basis.length)}>{record.rationale}</Paraphrase>
        {record.conditions.length > 0 && <Conditions of={record.conditions} />}
        <Recorded by={record.recordedBy} at={record.recordedAt} />
      </div>
    </li>
  );
}

function Recorded({ by, at }: { readonly by: string; readonly at: string }) {
  return (
    <p className={style.recorded}>
      <Filled text={words.recorded} with={{ recorder: <bdi>{by}</bdi>, date: <Instant at={at} /> }} />
    </p>
  );
}

const iso = (instant: number): string => new Date(instant).toISOString();
