import { Button, Select, TextInput } from '@mantine/core';
import { Maximize2, Minus, Plus } from 'lucide-react';
import { texts } from '../texts/texts.js';
import { keyOf, type Mark, type Named } from './marks.js';
import type { TimelineSearch } from './search.js';
import style from './timeline.module.css';
import type { Domain, Zooming } from './use-zoom.js';

const { timeline: words } = texts;

interface FiltersProps {
  readonly marks: readonly Mark[];
  readonly search: TimelineSearch;
  readonly domain: Domain;
  readonly zooming: Zooming | null;
  readonly onChange: (change: TimelineSearch) => void;
}

/** Which statements the timeline shows, and from when until when. */
export function Filters({ marks, search, domain, zooming, onChange }: FiltersProps) {
  const [from, to] = domain.map(day);
  return (
    <div className={style.filters} role="group" aria-label={words.filters}>
      {(['party', 'topic', 'speaker'] as const).map((kind) => (
        <Select
          key={kind}
          aria-label={words.by[kind]}
          placeholder={words.by[kind]}
          data={choices(marks, kind)}
          value={search[kind] ?? null}
          onChange={(value) => onChange({ [kind]: value ?? undefined })}
          searchable
          clearable
          limit={50}
          size="xs"
        />
      ))}
      <Select
        aria-label={words.by.act}
        placeholder={words.by.act}
        data={[...new Set(marks.map(({ act }) => act))].map((act) => ({
          value: act,
          label: texts.acts[act],
        }))}
        value={search.act ?? null}
        onChange={(value) => onChange({ act: value ?? undefined })}
        searchable
        clearable
        size="xs"
      />
      <span className={style.period}>
        <Day
          label={words.from}
          value={from ?? ''}
          onSettle={(first) => zooming?.show([Date.parse(first), domain[1]])}
        />
        –
        <Day
          label={words.to}
          value={to ?? ''}
          onSettle={(last) => zooming?.show([domain[0], Date.parse(`${last}T23:59:59.999Z`)])}
        />
      </span>
      <Button.Group>
        <Button variant="default" size="xs" aria-label={words.closer} onClick={() => zooming?.by(1.6)}>
          <Plus size={14} aria-hidden />
        </Button>
        <Button variant="default" size="xs" aria-label={words.farther} onClick={() => zooming?.by(1 / 1.6)}>
          <Minus size={14} aria-hidden />
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<Maximize2 size={13} aria-hidden />}
          onClick={() => zooming?.all()}
        >
          {words.whole}
        </Button>
      </Button.Group>
    </div>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string;
  readonly onSettle: (day: string) => void;
}

/** A day that counts when the field is left, or at Enter. */
function Day({ label, value, onSettle }: DayProps) {
  const settle = (text: string) => {
    if (text !== value && /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) onSettle(text);
  };
  return (
    <TextInput
      key={value}
      aria-label={label}
      type="date"
      size="xs"
      defaultValue={value}
      onBlur={({ currentTarget }) => settle(currentTarget.value)}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && settle(currentTarget.value)}
    />
  );
}

function choices(marks: readonly Mark[], kind: 'party' | 'topic' | 'speaker') {
  const things = new Map<string, Named>();
  for (const mark of marks) {
    const thing = mark[kind];
    if (thing !== null) things.set(thing.id, thing);
  }
  return [...things.values()]
    .map((thing) => ({ value: keyOf(thing), label: thing.name }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
}

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
