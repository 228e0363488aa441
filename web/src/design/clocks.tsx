import { Button, TextInput, Tooltip } from '@mantine/core';
import { BookOpenCheck, MessageSquareQuote, RotateCcw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import { isSequence, type Moments } from './address.js';
import style from './clocks.module.css';
import { Instant } from './time.js';

const { clocks: words } = texts;

interface ClocksProps extends Moments {
  /** `known`: the page shows how histories end, whatever the said-time. */
  readonly asks?: 'both' | 'known';
  /** What was answered: up to where the log was taken in. */
  readonly taken?: { readonly sequence: number; readonly recordedAt: string | null } | undefined;
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

interface KnownClockProps extends Pick<ClocksProps, 'taken'> {
  readonly known: string | undefined;
  readonly onChange: (known: string | undefined) => void;
}

function KnownClock({ known, taken, onChange }: KnownClockProps) {
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

function Clock({ kind, label, explanation, icon, isSet, about, children }: ClockProps) {
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
function Draft({ label, type, value, placeholder, onSettle }: DraftProps) {
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
