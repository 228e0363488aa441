import type { DecidedStatement } from '../../../src/domain/record-statement.js';
import { saidOf } from '../../../src/domain/said-at.js';
import type { Shift } from '../../../src/domain/shift.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { effectOf, entryOfAssessment, entryOfStatement, type Effect } from './effect.js';
import { useRecordsOfPair } from './queries.js';
import style from './form.module.css';

const { effect: words } = texts.record;
const NEW = 'new';

interface EffectNoteProps {
  readonly dossier: string;
  readonly decided: DecidedStatement;
  readonly nameOf: (kind: 'party' | 'topic', id: string) => string;
}

/** What a statement will do to where its party stands on its topic, before it is recorded. */
export function EffectNote({ dossier, decided, nameOf }: EffectNoteProps) {
  const { stated, resolved } = decided;
  const { party, topic } = resolved;
  const { data } = useRecordsOfPair(dossier, party, topic);
  if (party === null || topic === null) return <p className={style.needed}>{words.none}</p>;
  if (data === undefined) return null;
  if (!data.isWhole) return <p className={style.needed}>{words.unknown}</p>;
  const known = [...data.statements.map(entryOfStatement), ...data.assessments.map(entryOfAssessment)];
  const { act, speaker, saidAt } = stated;
  const { stance, conditions } = resolved;
  const effect = effectOf(known, {
    id: NEW,
    act,
    speaker,
    said: saidOf(saidAt),
    origin: Infinity, // whatever its sequence will be, it is after all that is known
    stance,
    conditions,
  });
  return (
    <section className={style.effect} aria-label={words.title} data-effect={effect.kind}>
      <div className="label">{words.title}</div>
      <p>{words.pair(nameOf('party', party), nameOf('topic', topic))}</p>
      <Told effect={effect} />
    </section>
  );
}

function Told({ effect }: { readonly effect: Effect }) {
  const { kind, after, shift, role, presentChanged, others, gone } = effect;
  return (
    <>
      {shift && (
        <div className={style.moves}>
          <StanceMark stance={shift.from?.stance ?? null} />
          <span>{words.becomes}</span>
          <StanceMark stance={shift.to.stance} />
          {shift.to.conditions.length > 0 && <span>{words.on(shift.to.conditions.join('; '))}</span>}
          <span>
            {texts.shifts[shift.kind]}, <Instant at={iso(shift.at)} />
          </span>
        </div>
      )}
      {role === 'reaffirms' && <p>{words.reaffirms}</p>}
      {role === 'evidence' && <p>{words.evidence}</p>}
      {kind === 'backfill' && (
        <p>
          {words.backfill} {presentChanged ? words.presentMoves : words.stays}{' '}
          <StanceMark stance={after?.stance ?? null} shape="inline" />
        </p>
      )}
      <Shifts title={words.others(others.length)} shifts={others} />
      <Shifts title={words.gone(gone.length)} shifts={gone} />
    </>
  );
}

export function Shifts({ title, shifts }: { readonly title: string; readonly shifts: readonly Shift[] }) {
  if (shifts.length === 0) return null;
  return (
    <>
      <p>{title}</p>
      <ul className={style.shifts}>
        {shifts.map(({ at, kind, from, to, statement }) => (
          <li key={statement}>
            {texts.shifts[kind]}: <StanceMark stance={from?.stance ?? null} shape="inline" /> {words.becomes}{' '}
            <StanceMark stance={to.stance} shape="inline" />, <Instant at={iso(at)} />
          </li>
        ))}
      </ul>
    </>
  );
}

const iso = (at: number): string => new Date(at).toISOString();
