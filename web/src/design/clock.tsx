import { TextInput, Tooltip } from '@mantine/core';
import { BookOpenCheck } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import { isSequence } from './address.js';
import style from './clocks.module.css';
import { Instant } from './time.js';

const { clocks: words } = texts;

/** Up to where the log was taken in. */
export interface Taken {
  readonly sequence: number;
  readonly recordedAt: string | null;
}

interface KnownClockProps {
  /** What was answered: up to where the log was taken in. */
  readonly taken?: Taken | undefined;
  readonly known: string | undefined;
  readonly onChange: (known: string | undefined) => void;
}

/** What had been recorded by then: a date of recorded-time, or the number of an event. */
export function KnownClock({ known, taken, onChange }: KnownClockProps) {
  const sequence = known !== undefined && isSequence(known) ? known : '';
  return (
    <Clock
      kind="known"
      label={words.known}
      explanation={words.knownMeans}
      icon={<BookOpenCheck size={15} aria-hidden />}
      isSet={known !== undefined}
      about={
        known === undefined ? (
          words.knownAll
        ) : (
          <>
            {taken && words.event(taken.sequence)}
            {taken?.recordedAt && (
              <>
                {' · '}
                <Instant at={taken.recordedAt} />
              </>
            )}
          </>
        )
      }
    >
      <Draft
        label={words.knownDate}
        type="date"
        value={sequence === '' ? (known?.slice(0, 10) ?? '') : ''}
        onSettle={(text) => onChange(text || undefined)}
      />
      <span className={style.or}>{words.or}</span>
      <Draft
        label={words.knownEvent}
        type="number"
        placeholder={words.eventNumber}
        value={sequence}
        onSettle={(text) => onChange(isSequence(text) ? text : undefined)}
      />
    </Clock>
  );
}

interface ClockProps {
  readonly kind: 'said' | 'known';
  readonly label: string;
  readonly explanation: string;
  readonly icon: ReactNode;
  readonly isSet: boolean;
  readonly about: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a question about time. */
export function Clock({ kind, label, explanation, icon, isSet, about, children }: ClockProps) {
  return (
    <div className={style.clock} data-clock={kind} data-set={isSet || undefined}>
      <Tooltip label={explanation} multiline maw={280}>
        <span className={style.legend}>
          {icon}
          {label}
        </span>
      </Tooltip>
      <div className={style.fields}>{children}</div>
      <div className={style.about}>{about}</div>
    </div>
  );
}

interface DraftProps {
  readonly label: string;
  readonly type: 'date' | 'number';
  readonly value: string;
  readonly placeholder?: string;
  readonly onSettle: (text: string) => void;
}

/** Milliseconds without a key before what was typed is taken: a year is typed digit by digit. */
const SETTLED = 500;

/** A field whose value counts once it is complete: at Enter, when it is left, or when nothing more is typed. */
export function Draft({ label, type, value, placeholder, onSettle }: DraftProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const settle = () => {
    if (draft !== value && isComplete(draft, type)) onSettle(draft);
  };
  useEffect(() => {
    const timer = window.setTimeout(settle, SETTLED);
    return () => window.clearTimeout(timer);
    // only what is typed starts the wait again
  }, [draft]);
  return (
    <TextInput
      aria-label={label}
      type={type}
      size="xs"
      value={draft}
      placeholder={placeholder}
      className={style.field}
      w={type === 'number' ? '5.5rem' : '8.6rem'}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={settle}
      onKeyDown={({ key }) => key === 'Enter' && settle()}
      {...(type === 'number' ? { min: 0, inputMode: 'numeric' as const } : {})}
    />
  );
}

/** A browser writes a date as YYYY-MM-DD; years before 1000 are ones that are still being typed. */
function isComplete(draft: string, type: 'date' | 'number'): boolean {
  return draft === '' || type === 'number' || /^[1-9]\d{3}-\d{2}-\d{2}$/.test(draft);
}
