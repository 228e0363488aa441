import { Button } from '@mantine/core';
import { MessageSquareQuote, RotateCcw } from 'lucide-react';
import { texts } from '../texts/texts.js';
import type { Moments } from './address.js';
import { Clock, Draft, KnownClock, type Taken } from './clock.js';
import style from './clocks.module.css';
import { Instant } from './time.js';

const { clocks: words } = texts;

interface ClocksProps extends Moments {
  /** `known`: the page shows how histories end, whatever the said-time. */
  readonly asks?: 'both' | 'known';
  /** What was answered: up to where the log was taken in. */
  readonly taken?: Taken | undefined;
  readonly onChange: (moments: Moments) => void;
}

/**
 * The two questions about time, never to be taken for each other: when things were said (`at`), and what had been recorded by then (`known`).
 * They differ in colour, icon, form and words.
 */
export function Clocks({ asks = 'both', at, known, taken, onChange }: ClocksProps) {
  const isPast = at !== undefined || known !== undefined;
  return (
    <div className={style.clocks} role="group" aria-label={words.both}>
      {asks === 'both' && <SaidClock at={at} onChange={(next) => onChange({ at: next, known })} />}
      <KnownClock known={known} taken={taken} onChange={(next) => onChange({ at, known: next })} />
      {isPast && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<RotateCcw size={14} aria-hidden />}
          className={style.back}
          onClick={() => onChange({ at: undefined, known: undefined })}
        >
          {words.back}
        </Button>
      )}
    </div>
  );
}

interface SaidClockProps {
  readonly at: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

function SaidClock({ at, onChange }: SaidClockProps) {
  return (
    <Clock
      kind="said"
      label={words.said}
      explanation={words.saidMeans}
      icon={<MessageSquareQuote size={15} aria-hidden />}
      isSet={at !== undefined}
      about={at === undefined ? words.saidNow : at.length > 10 ? <Instant at={at} /> : words.endOfDay}
    >
      <Draft
        label={words.saidDate}
        type="date"
        value={at?.slice(0, 10) ?? ''}
        onSettle={(text) => onChange(text || undefined)}
      />
    </Clock>
  );
}
