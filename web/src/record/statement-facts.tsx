import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../api/may.js';
import { StanceMark } from '../design/stance-mark.js';
import { Instant, SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { useActs, type Statement } from './queries.js';
import style from './statement-page.module.css';

const { page: words } = texts.record;

interface StatementFactsProps {
  readonly dossier: string;
  readonly statement: Statement;
}

/** What is recorded of a statement, and what follows from it. */
export function StatementFacts({ dossier, statement }: StatementFactsProps) {
  const { data: acts = [] } = useActs();
  const may = useMay(dossier);
  const { act, speaker, party, topic, resolved, against, addressees, summary, passage } = statement;
  const meaning = acts.find((rule) => rule.act === act)?.meaning;
  return (
    <dl className={style.facts}>
      <Fact label={words.act} more={meaning}>
        {texts.record.act(act)}
      </Fact>
      <Fact label={words.speaker}>{speaker?.name}</Fact>
      <Fact label={words.party} more={party === null && resolved.party ? words.derived : undefined}>
        {resolved.party?.name}
      </Fact>
      <Fact label={words.topic} more={topic === null && resolved.topic ? words.inherited : undefined}>
        {resolved.topic?.name}
      </Fact>
      <Fact
        label={words.stance}
        more={statement.stance === null && resolved.stance ? words.stanceOfAct : undefined}
      >
        {resolved.stance && <StanceMark stance={resolved.stance} />}
      </Fact>
      <Fact label={words.conditions}>
        {resolved.conditions.length > 0 && (
          <ul className={style.conditions}>
            {resolved.conditions.map((condition) => (
              <li key={condition} dir="auto">
                {condition}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact label={words.position}>
        {resolved.party && resolved.topic && (
          <Link
            to="/d/$dossier/positions/$party/$topic"
            params={{
              dossier,
              party: resolved.party.slug ?? resolved.party.id,
              topic: resolved.topic.slug ?? resolved.topic.id,
            }}
          >
            {words.positionOf(resolved.party.name, resolved.topic.name)}
          </Link>
        )}
      </Fact>
      <Fact label={words.against}>{against?.name}</Fact>
      <Fact label={words.addressees}>{addressees.map(({ name }) => name).join(', ')}</Fact>
      <Fact label={words.summary}>{passage === null ? null : summary}</Fact>
      <Fact label={words.translation}>{statement.translation}</Fact>
      <Fact label={words.note}>{statement.note}</Fact>
      <Fact label={words.language}>{statement.language}</Fact>
      <Fact label={words.saidAt} kind="said">
        <SaidAt edtf={statement.saidAt} />
      </Fact>
      <Fact label={words.recorded} kind="known" more={words.recordedBy(statement.recordedBy)}>
        <Instant at={statement.recordedAt} />{' '}
        {may.audit && (
          <Link
            to="/d/$dossier/audit/verify/$sequence"
            params={{ dossier, sequence: String(statement.sequence) }}
          >
            {words.verify}
          </Link>
        )}
      </Fact>
      <Fact label={words.codes}>
        {statement.codes.map(({ scheme, code }) => `${scheme} ${code}`).join(', ')}
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly label: string;
  /** How it came to be so, in small type. */
  readonly more?: string | undefined;
  /** Which of the two clocks it is told by. */
  readonly kind?: 'said' | 'known';
  readonly children: ReactNode;
}

function Fact({ label, more, kind, children }: FactProps) {
  if (children === null || children === undefined || children === '' || children === false) return null;
  return (
    <div className={style.fact} data-kind={kind}>
      <dt className="label">{label}</dt>
      <dd>
        <div dir="auto">{children}</div>
        {more && <div className={style.more}>{more}</div>}
      </dd>
    </div>
  );
}
