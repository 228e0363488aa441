import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Answer } from '../design/answer.js';
import { StanceMark } from '../design/stance-mark.js';
import { texts } from '../texts/texts.js';
import { useComparison, usePositionAudit, type Difference } from './ask.js';
import { RevisionItem } from './revision-item.js';
import style from './revisions.module.css';

const { audit: words } = texts;

interface CompareProps {
  readonly dossier: string;
  /** Sequences, or dates of recorded-time. */
  readonly before: string;
  readonly after: string;
  readonly onAsk: (before: string, after: string) => void;
}

/** What we believed at one state of the log and what at another, with the events that account for it. */
export function Compare({ dossier, before, after, onAsk }: CompareProps) {
  const [one, setOne] = useState(before);
  const [other, setOther] = useState(after);
  const comparison = useComparison(dossier, before, after);
  return (
    <section>
      <h2>{words.compare}</h2>
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          onAsk(one.trim(), other.trim());
        }}
      >
        <TextInput
          size="xs"
          label={words.knownOnce}
          placeholder={words.eventOrDate}
          value={one}
          onChange={(event) => setOne(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={words.knownThen}
          placeholder={words.eventOrDate}
          value={other}
          onChange={(event) => setOther(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default">
          {words.ask}
        </Button>
      </form>
      {before !== '' && after !== '' && (
        <Answer of={comparison}>
          {({ items, before: from, after: to }) => (
            <>
              <p role="status">{words.differences(items.length, from.known.sequence, to.known.sequence)}</p>
              <ul className={style.differences}>
                {items.map((difference) => (
                  <DifferenceItem
                    key={difference.party.id + difference.topic.id}
                    dossier={dossier}
                    difference={difference}
                    from={from.known.sequence}
                    to={to.known.sequence}
                  />
                ))}
              </ul>
            </>
          )}
        </Answer>
      )}
    </section>
  );
}

interface DifferenceProps {
  readonly dossier: string;
  readonly difference: Difference;
  readonly from: number;
  readonly to: number;
}

function DifferenceItem({ dossier, difference: { party, topic, before, after }, from, to }: DifferenceProps) {
  const [isOpen, open] = useState(false);
  return (
    <li>
      <details onToggle={({ currentTarget }) => open(currentTarget.open)}>
        <summary>
          <bdi>{party.name}</bdi> · <bdi>{topic.name}</bdi>:{' '}
          <StanceMark stance={before?.stance ?? null} shape="inline" /> →{' '}
          <StanceMark stance={after?.stance ?? null} shape="inline" />
        </summary>
        {isOpen && <Accounting dossier={dossier} party={party.id} topic={topic.id} from={from} to={to} />}
      </details>
    </li>
  );
}

/** The events between the two states that changed what is believed of the pair. */
function Accounting({
  from,
  to,
  ...pair
}: {
  readonly dossier: string;
  readonly party: string;
  readonly topic: string;
  readonly from: number;
  readonly to: number;
}) {
  const [low, high] = from < to ? [from, to] : [to, from];
  const audit = usePositionAudit(pair, String(high));
  return (
    <Answer of={audit}>
      {({ items }) => (
        <ol className={style.revisions}>
          {items
            .filter(({ sequence }) => sequence > low)
            .map((revision) => (
              <RevisionItem key={revision.sequence} dossier={pair.dossier} revision={revision} />
            ))}
        </ol>
      )}
    </Answer>
  );
}
