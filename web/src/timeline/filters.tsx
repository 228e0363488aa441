import { Button, Select } from '@mantine/core';
import { Maximize2, Minus, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { texts } from '../texts/texts.js';
import { keyOf, type Mark, type Named } from './marks.js';
import type { TimelineSearch } from './search.js';
import style from './timeline.module.css';
import type { Zooming } from './use-zoom.js';

const { timeline: words } = texts;

interface FiltersProps {
  readonly marks: readonly Mark[];
  readonly search: TimelineSearch;
  readonly zooming: Zooming | null;
  readonly onChange: (change: TimelineSearch) => void;
}

/** Which statements the timeline shows, and how near. */
export function Filters({ marks, search, zooming, onChange }: FiltersProps) {
  const data = useMemo(() => choicesOf(marks), [marks]);
  return (
    <div className={style.filters} role="group" aria-label={words.filters}>
      {(['party', 'topic', 'speaker'] as const).map((kind) => (
        <Select
          key={kind}
          aria-label={words.by[kind]}
          placeholder={words.by[kind]}
          data={data[kind]}
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
        data={data.act}
        value={search.act ?? null}
        onChange={(value) => onChange({ act: value ?? undefined })}
        searchable
        clearable
        size="xs"
      />
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

const choicesOf = (marks: readonly Mark[]) => ({
  party: choices(marks, 'party'),
  topic: choices(marks, 'topic'),
  speaker: choices(marks, 'speaker'),
  act: [...new Set(marks.map(({ act }) => act))].map((act) => ({ value: act, label: texts.acts[act] })),
});

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
