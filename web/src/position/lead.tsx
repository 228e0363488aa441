import { Link } from '@tanstack/react-router';
import { Gavel } from 'lucide-react';
import { Filled } from '../design/filled.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant, SaidAt } from '../design/time.js';
import { Paraphrase } from '../design/quote.js';
import { Words } from '../design/words.js';
import { texts } from '../texts/texts.js';
import type { Account, Pair } from './ask.js';
import style from './position.module.css';
import type { Chapter, Piece, Story } from './story.js';

const { position: words } = texts;

interface LeadProps {
  readonly pair: Pair;
  readonly account: Account;
  readonly story: Story;
  /** Whether somebody asked for a moment, or it is simply now. */
  readonly isAsked: boolean;
}

/** Why this is the stance, in one look: the stance, since when, and the words that set it. */
export function Lead({ pair, account: { now }, story: { current }, isAsked }: LeadProps) {
  const setter = current?.pieces[0];
  return (
    <section className={style.lead} aria-label={words.why}>
      <p className={style.answer}>
        {current === null || setter === undefined ? (
          <Filled text={words.nowhere} with={{ party: now.party.name, none: <StanceMark stance={null} /> }} />
        ) : (
          <Filled
            text={isAsked ? words.sinceThen : words.since}
            with={{
              at: <Instant at={now.at} />,
              party: <bdi>{now.party.name}</bdi>,
              stance: <StanceMark stance={current.stance} />,
              date: <SaidAt edtf={setter.saidAt} />,
            }}
          />
        )}
        {current !== null && current.conditions.length > 0 && <Conditions of={current.conditions} />}
      </p>
      {current !== null && setter !== undefined && (
        <>
          <p className={style.because}>
            <Because setter={setter} party={now.party.name} />
          </p>
          <WordsOf piece={setter} pair={pair} />
          <p className={style.since}>{restingOn(current, now.statements)}</p>
        </>
      )}
      <Voices of={now} />
    </section>
  );
}

export function Conditions({ of }: { readonly of: readonly string[] }) {
  return (
    <span className={style.conditions} dir="auto">
      {words.conditions(of)}
    </span>
  );
}

function Because({ setter, party }: { readonly setter: Piece; readonly party: string }) {
  if (setter.kind === 'assessment')
    return (
      <>
        <Gavel size={14} aria-hidden className={style.icon} />
        <Filled text={words.becauseJudged} with={{ recorder: <bdi>{setter.record.recordedBy}</bdi> }} />
      </>
    );
  const { speaker, act } = setter.record;
  return (
    <Filled
      text={words.because}
      with={{
        speaker: <bdi>{speaker?.name ?? party}</bdi>,
        date: <SaidAt edtf={setter.saidAt} />,
        act: texts.acts[act],
      }}
    />
  );
}

/** The words of what set the position, large, with the way to its source. */
function WordsOf({ piece, pair: { dossier } }: { readonly piece: Piece; readonly pair: Pair }) {
  if (piece.kind === 'assessment') return <Paraphrase size="large">{piece.record.rationale}</Paraphrase>;
  const { source, attribution, id, slug } = piece.record;
  return (
    <Words
      of={piece.record}
      size="large"
      by={
        <>
          {texts.attributions[attribution]}
          {' · '}
          {source !== null && (
            <>
              <Link to="/d/$dossier/sources/$source" params={{ dossier, source: source.slug ?? source.id }}>
                <bdi>{source.title}</bdi>
              </Link>
              {' · '}
            </>
          )}
          <Link to="/d/$dossier/statements/$statement" params={{ dossier, statement: slug ?? id }}>
            {words.toStatement}
          </Link>
        </>
      }
    />
  );
}

/** `counted`: the entries of the position by the moment that is shown. */
function restingOn({ pieces }: Chapter, counted: number): string {
  const shown = pieces.slice(0, counted);
  return words.restsOn(
    shown.filter(({ role }) => role === 'reaffirms').length,
    shown.filter(({ role }) => role === 'evidence').length,
  );
}

/** Who speaks for the party, where they do not agree or are more than one. */
function Voices({ of: { voices, divided, party } }: { readonly of: Account['now'] }) {
  if (voices.length === 0) return null;
  return (
    <div className={style.voices} data-divided={divided || undefined}>
      <span className="label">{divided ? words.divided(party.name) : words.voices}</span>
      <ul>
        {voices.map(({ speaker, stance, since }) => (
          <li key={speaker.id}>
            <bdi>{speaker.name}</bdi> <StanceMark stance={stance} shape="inline" />{' '}
            <span className={style.dim}>
              <Filled text={words.voiceSince} with={{ date: <Instant at={since} /> }} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
