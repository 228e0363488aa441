import { MessageSquareQuote } from 'lucide-react';
import { texts } from '../texts/texts.js';
import { Clock, Draft, KnownClock, type Taken } from './clock.js';
import style from './clocks.module.css';

const { clocks: words } = texts;

/** The first and the last day, YYYY-MM-DD. */
export type Period = readonly [from: string, to: string];

interface PeriodClocksProps {
  readonly period: Period;
  /** Whether it is all that was said. */
  readonly isWhole: boolean;
  readonly known: string | undefined;
  readonly taken?: Taken | undefined;
  readonly onPeriod: (period: Period) => void;
  readonly onKnown: (known: string | undefined) => void;
}

/** The two questions about time where not a moment of said-time is shown but a period. */
export function PeriodClocks({ period, isWhole, known, taken, onPeriod, onKnown }: PeriodClocksProps) {
  const [from, to] = period;
  return (
    <div className={style.clocks} role="group" aria-label={words.periodAndKnown}>
      <Clock
        kind="said"
        label={words.period}
        explanation={words.periodMeans}
        icon={<MessageSquareQuote size={15} aria-hidden />}
        isSet={!isWhole}
        about={isWhole ? words.periodAll : words.periodDays}
      >
        <Draft
          label={words.periodFrom}
          type="date"
          value={from}
          onSettle={(day) => day !== '' && onPeriod([day, to])}
        />
        <span className={style.or}>–</span>
        <Draft
          label={words.periodTo}
          type="date"
          value={to}
          onSettle={(day) => day !== '' && onPeriod([from, day])}
        />
      </Clock>
      <KnownClock known={known} taken={taken} onChange={onKnown} />
    </div>
  );
}
