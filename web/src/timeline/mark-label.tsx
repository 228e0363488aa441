import { Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { SaidAt } from '../design/time.js';
import { saidAtInWords } from '../design/dates.js';
import { texts } from '../texts/texts.js';
import { useStatement } from './ask.js';
import type { Found } from './layout.js';
import style from './mark-label.module.css';
import type { Mark } from './marks.js';

const { timeline: words } = texts;

/** Milliseconds on a mark until its words are asked for: not of each that the mouse comes by. */
const DWELT = 120;
/** Words of a quote by which one knows it again, and letters, where words are not parted by spaces. */
const FIRST = { words: 14, letters: 110 };

interface MarkLabelProps {
  readonly dossier: string;
  readonly known: string | undefined;
  /** What the mouse is on, or else what is chosen. */
  readonly shown: Found | null;
  /** What is chosen, in view or not: it is what is read out. */
  readonly chosen: Mark | null;
}

/** Who said what, when, and in which words, beside the mark: to be seen while it is pointed at or gone to, and read out where it is chosen. */
export function MarkLabel({ dossier, known, shown, chosen }: MarkLabelProps) {
  const [dwelt] = useDebouncedValue(shown?.placed.mark.id, DWELT);
  const { data: pointed } = useStatement(dossier, known, dwelt);
  const { data: spoken } = useStatement(dossier, known, chosen?.id);
  return (
    <>
      {shown && (
        <Tooltip
          key={`${shown.placed.mark.id} ${shown.placed.x} ${shown.placed.y}`}
          opened
          multiline
          maw={320}
          position="bottom"
          offset={13}
          transitionProps={{ duration: 0 }}
          classNames={{ tooltip: style.label }}
          label={
            <Told
              mark={shown.placed.mark}
              others={shown.others}
              quote={pointed?.id === shown.placed.mark.id ? firstWords(pointed) : null}
            />
          }
        >
          <span
            className={style.ring}
            data-ring
            style={{ insetInlineStart: shown.placed.x, insetBlockStart: shown.placed.y }}
            aria-hidden
          />
        </Tooltip>
      )}
      <div role="status" aria-atomic="false" className={style.spoken}>
        <span>{chosen && told(chosen)}</span>{' '}
        <span>{chosen && spoken?.id === chosen.id && firstWords(spoken)}</span>
      </div>
    </>
  );
}

interface ToldProps {
  readonly mark: Mark;
  readonly others: number;
  readonly quote: string | null;
}

function Told({ mark, others, quote }: ToldProps) {
  const { act, speaker, party, topic, saidAt } = mark;
  return (
    <>
      <span className={style.first}>
        <b>{texts.acts[act]}</b>
        <SaidAt edtf={saidAt} />
      </span>
      <span className={style.who}>
        <bdi>{(speaker ?? party)?.name}</bdi>
        {speaker && party && (
          <>
            {' · '}
            <bdi>{party.name}</bdi>
          </>
        )}
      </span>
      {topic && (
        <span className={style.topic} dir="auto">
          {topic.name}
        </span>
      )}
      <span className={style.quote} dir="auto">
        {quote ?? '…'}
      </span>
      {others > 0 && <span className={style.topic}>{words.othersHere(others)}</span>}
    </>
  );
}

function told({ act, speaker, party, topic, saidAt }: Mark): string {
  const who = [speaker?.name, party?.name].filter((each) => each !== undefined);
  return [texts.acts[act], ...who, topic?.name, saidAtInWords(saidAt)]
    .filter((each) => each !== undefined)
    .join(', ');
}

/** How a statement begins: quoted where it is a quote. */
function firstWords({
  passage,
  summary,
}: {
  readonly passage: { readonly exact: string } | null;
  readonly summary: string | null;
}): string {
  if (passage !== null) return `${texts.quoteOpens}${begun(passage.exact)}${texts.quoteCloses}`;
  return summary === null ? texts.noWords : begun(summary);
}

function begun(text: string): string {
  const all = text.trim().split(/\s+/);
  const some = all.slice(0, FIRST.words).join(' ');
  const letters = Array.from(some);
  if (letters.length > FIRST.letters) return `${letters.slice(0, FIRST.letters).join('')}…`;
  return all.length > FIRST.words ? `${some} …` : some;
}
