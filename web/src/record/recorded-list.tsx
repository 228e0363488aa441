import { Link } from '@tanstack/react-router';
import { SaidAt } from '../design/time.js';
import { StanceMark } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';
import { shortened, voiceOf, wordsOf } from './labels.js';
import type { Statement } from './queries.js';
import style from './workbench.module.css';

const { list: words } = texts.record;

interface RecordedListProps {
  readonly dossier: string;
  readonly statements: readonly Statement[];
  readonly isTextKnown: boolean;
}

/** What has been recorded of a source, in the order of its text. */
export function RecordedList({ dossier, statements, isTextKnown }: RecordedListProps) {
  const inOrder = statements.toSorted(
    (one, other) => placeOf(one) - placeOf(other) || one.sequence - other.sequence,
  );
  return (
    <section className={style.recorded} aria-label={words.title}>
      <h3 className="label">
        {words.title} · {texts.counts.statements(statements.length)}
      </h3>
      {statements.length === 0 && <p className={style.hint}>{words.none}</p>}
      <ol className={style.list}>
        {inOrder.map((statement) => {
          const { id, act, resolved, saidAt, anchor, passage } = statement;
          return (
            <li key={id}>
              <Link
                to="/d/$dossier/statements/$statement"
                params={{ dossier, statement: id }}
                className={style.words}
              >
                <span dir="auto">{shortened(wordsOf(statement))}</span>
              </Link>
              <div className={style.line}>
                <span dir="auto">{voiceOf(statement)}</span>
                <span>{texts.record.act(act)}</span>
                {resolved.topic && <span dir="auto">{resolved.topic.name}</span>}
                {resolved.stance && resolved.topic && <StanceMark stance={resolved.stance} shape="inline" />}
                <SaidAt edtf={saidAt} />
                {isTextKnown && passage && anchor?.status !== 'exact' && (
                  <span>{anchor?.status === 'approximate' ? words.approximate : words.notFound}</span>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function placeOf({ anchor }: Statement): number {
  return anchor?.start ?? Number.MAX_SAFE_INTEGER;
}
