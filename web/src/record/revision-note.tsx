import type { Revision } from '../../../src/domain/revision.js';
import { Filled } from '../design/filled.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { Shifts } from './effect-note.js';
import { entryOfAssessment, entryOfStatement, revisionBy, type PairChange } from './effect.js';
import { useRecordsOfPair } from './queries.js';
import style from './form.module.css';

const { effect: words } = texts.record;

interface RevisionNoteProps {
  readonly dossier: string;
  readonly changes: readonly PairChange[];
  readonly nameOf: (kind: 'party' | 'topic', id: string) => string;
}

/** What correcting, voiding or restoring a statement will do to where parties stand, before it is done. */
export function RevisionNote({ dossier, changes, nameOf }: RevisionNoteProps) {
  return (
    <section className={style.effect} aria-label={words.title}>
      <div className="label">{words.title}</div>
      {changes.length === 0 && <p className={style.needed}>{words.none}</p>}
      {changes.map((each) => (
        <div key={each.party + each.topic}>
          <p>{words.pair(nameOf('party', each.party), nameOf('topic', each.topic))}</p>
          <PairRevision dossier={dossier} of={each} />
        </div>
      ))}
    </section>
  );
}

interface PairRevisionProps {
  readonly dossier: string;
  readonly of: PairChange;
}

function PairRevision({ dossier, of: { party, topic, change } }: PairRevisionProps) {
  const { data } = useRecordsOfPair(dossier, party, topic);
  if (data === undefined) return null;
  if (!data.isWhole) return <p className={style.needed}>{words.unknown}</p>;
  const known = [...data.statements.map(entryOfStatement), ...data.assessments.map(entryOfAssessment)];
  return <Told revision={revisionBy(known, change)} />;
}

function Told({ revision }: { readonly revision: Revision }) {
  const { before, after, presentChanged, pastChanged, appeared, disappeared } = revision;
  if (!presentChanged && !pastChanged) return <p className={style.needed}>{words.unchanged}</p>;
  return (
    <>
      {before?.stance !== after?.stance ? (
        <div className={style.moves}>
          <StanceMark stance={before?.stance ?? null} />
          <span>{words.becomes}</span>
          <StanceMark stance={after?.stance ?? null} />
          {after && after.conditions.length > 0 && <span>{words.on(after.conditions.join('; '))}</span>}
        </div>
      ) : (
        <p>
          {after === null || !presentChanged ? (
            <>
              {words.stays} <StanceMark stance={after?.stance ?? null} shape="inline" />
            </>
          ) : (
            <Filled
              text={words.staysSince}
              with={{
                stance: <StanceMark stance={after.stance} shape="inline" />,
                conditions: after.conditions.length > 0 ? ` ${words.on(after.conditions.join('; '))}` : '',
                date: <Instant at={new Date(after.since).toISOString()} />,
              }}
            />
          )}
        </p>
      )}
      {pastChanged && <p>{words.past}</p>}
      <Shifts title={words.gone(disappeared.length)} shifts={disappeared} />
      <Shifts title={words.appears(appeared.length)} shifts={appeared} />
    </>
  );
}
