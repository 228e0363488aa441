import { Link } from '@tanstack/react-router';
import { ArrowRight, BookOpenCheck, MessageSquareQuote, ShieldCheck } from 'lucide-react';
import { Filled } from '../design/filled.js';
import { Paraphrase } from '../design/quote.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant, SaidAt } from '../design/time.js';
import { Words } from '../design/words.js';
import { texts } from '../texts/texts.js';
import type { Revision } from './ask.js';
import style from './revisions.module.css';

const { audit: words } = texts;

interface RevisionItemProps {
  readonly dossier: string;
  readonly revision: Revision;
  /** Whether it stands among those of other positions. */
  readonly isPairNamed?: boolean;
}

/** How our record moved at an event: what was recorded, by whom and why; and, set apart, what that says of how the party moved. */
export function RevisionItem({ dossier, revision, isPairNamed = false }: RevisionItemProps) {
  const { party, topic, sequence, recordedAt, recordedBy, kind, advance, reason, corrected } = revision;
  return (
    <li className={style.revision} data-kind={kind}>
      <div className={style.record}>
        <span className={style.kind}>
          <BookOpenCheck size={15} aria-hidden />
          {words.kinds[kind]}
          {advance !== null &&
            advance !== undefined &&
            !(advance in texts.shifts) &&
            ` · ${words.advances[advance === 'reaffirmed' ? 'reaffirmed' : 'evidence']}`}
        </span>
        <span className={style.event}>{texts.clocks.event(sequence)}</span>
        <span className={style.event}>
          <Instant at={recordedAt} />
        </span>
        <span className={style.event}>
          <Filled text={words.by} with={{ recorder: <bdi>{recordedBy}</bdi> }} />
        </span>
        <Link
          to="/d/$dossier/audit/verify/$sequence"
          params={{ dossier, sequence: String(sequence) }}
          className={style.verify}
        >
          <ShieldCheck size={13} aria-hidden /> {words.verify}
        </Link>
      </div>
      <div>
        {isPairNamed && (
          <p className={style.pair}>
            <Link
              to="/d/$dossier/positions/$party/$topic/audit"
              params={{ dossier, party: party.slug ?? party.id, topic: topic.slug ?? topic.id }}
            >
              <bdi>{party.name}</bdi> · <bdi>{topic.name}</bdi>
            </Link>
          </p>
        )}
        {reason !== null && (
          <p className={style.reason}>
            <Filled text={words.because} with={{ reason: <bdi>{reason}</bdi> }} />
            {corrected.length > 0 && <span className={style.fields}> {words.fields(corrected)}</span>}
          </p>
        )}
        <Recorded dossier={dossier} of={revision} />
        <SideBySide revision={revision} />
        <Moved revision={revision} />
      </div>
    </li>
  );
}

interface RecordedProps {
  readonly dossier: string;
  readonly of: Pick<Revision, 'statement' | 'assessment'>;
}

/** A statement, or our own assessment, in its words. */
export function Recorded({ dossier, of: { statement, assessment } }: RecordedProps) {
  if (statement !== null) {
    const { id, act, speaker, saidAt, quote, summary, source } = statement;
    return (
      <Words
        of={{ passage: quote === null ? null : { exact: quote }, summary, language: null, translation: null }}
        by={
          <>
            {texts.acts[act]}
            {speaker && (
              <>
                {' · '}
                <bdi>{speaker.name}</bdi>
              </>
            )}
            {' · '}
            <span className={style.said}>
              <SaidAt edtf={saidAt} />
            </span>
            {source && (
              <>
                {' · '}
                <bdi>{source.title}</bdi>
              </>
            )}
            {' · '}
            <Link to="/d/$dossier/statements/$statement" params={{ dossier, statement: id }}>
              {texts.position.statement}
            </Link>
          </>
        }
      />
    );
  }
  return assessment && <Paraphrase by={texts.acts.PositionAssessed}>{assessment.rationale}</Paraphrase>;
}

/** Where the party stands at the end of its history, as our record said before the event and says since. */
function SideBySide({
  revision: { before, after, presentChanged, pastChanged },
}: Pick<RevisionItemProps, 'revision'>) {
  return (
    <div className={style.sides}>
      <Side title={words.before} position={before} />
      <ArrowRight size={15} aria-hidden className={style.arrow} />
      <Side title={words.after} position={after} />
      <p className={style.changed}>{words.changed(presentChanged, pastChanged)}</p>
    </div>
  );
}

function Side({ title, position }: { readonly title: string; readonly position: Revision['before'] }) {
  return (
    <div>
      <span className="label">{title}</span>
      <br />
      <StanceMark stance={position?.stance ?? null} />
      {position && position.conditions.length > 0 && (
        <em dir="auto"> {texts.position.conditions(position.conditions)}</em>
      )}
    </div>
  );
}

/** Shifts are the party's, and of said-time: they look like nothing else here. */
function Moved({ revision: { shiftsAppeared, shiftsDisappeared } }: Pick<RevisionItemProps, 'revision'>) {
  if (shiftsAppeared.length + shiftsDisappeared.length === 0) return null;
  const line = (shift: Revision['shiftsAppeared'][number], isNew: boolean) => (
    <li key={`${isNew} ${shift.at} ${shift.statement}`} data-new={isNew}>
      {isNew ? words.appeared : words.disappeared} <b>{texts.shifts[shift.kind]}</b>,{' '}
      <Instant at={shift.at} />: <StanceMark stance={shift.from} shape="inline" /> →{' '}
      <StanceMark stance={shift.to} shape="inline" />
    </li>
  );
  return (
    <div className={style.moved}>
      <span className={style.movedTitle}>
        <MessageSquareQuote size={14} aria-hidden />
        {words.partyMoved}
      </span>
      <ul>
        {shiftsDisappeared.map((shift) => line(shift, false))}
        {shiftsAppeared.map((shift) => line(shift, true))}
      </ul>
    </div>
  );
}
