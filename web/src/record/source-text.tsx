import { TextInput } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { texts } from '../texts/texts.js';
import { MarkedText, type TextMark } from './marked-text.js';
import { Selecting, type Stretch } from './selecting.js';
import { useTextSelection } from './text-selection.js';
import style from './source-text.module.css';

const { text: words } = texts.record;

interface SourceTextProps {
  readonly text: string;
  readonly language: string | null;
  readonly marks: readonly TextMark[];
  readonly selected: Stretch | null;
  readonly onSelect: (selected: Stretch) => void;
  /** The passage is taken: on to the form. */
  readonly onTake: () => void;
  readonly place: RefObject<HTMLDivElement | null>;
}

/** A source's text, in which a passage is selected: with a mouse or a finger as anywhere, or with keys by sentences and words. */
export function SourceText({ text, language, marks, selected, onSelect, onTake, place }: SourceTextProps) {
  const selecting = useMemo(() => new Selecting(text, language), [text, language]);
  const [isFinding, find] = useState(false);
  useTextSelection(place, onSelect);
  useEffect(() => {
    place.current?.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest' });
  }, [place, selected]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.metaKey || event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.ctrlKey && selected !== null) onTake();
    else if (event.key === 'f' && !event.ctrlKey && !event.altKey) find(true);
    else {
      const next = afterKey(selecting, selected, event);
      if (next === undefined) return;
      if (next !== null) onSelect(next);
    }
    event.preventDefault();
  };
  return (
    <>
      {isFinding && (
        <Find
          selecting={selecting}
          onFound={onSelect}
          onClose={() => {
            find(false);
            place.current?.focus();
          }}
        />
      )}
      <div
        ref={place}
        className={style.text}
        lang={language ?? undefined}
        dir="auto"
        // Keys select here, so that who hears the page is not to read it with the same keys: what is selected is said.
        role="application"
        tabIndex={0}
        aria-label={words.label}
        aria-description={words.keys}
        onKeyDown={onKeyDown}
      >
        <MarkedText text={text} marks={marks} selected={selected} />
      </div>
      <div className={style.heard} role="status">
        {selected && words.chosen(text.slice(selected.start, selected.end))}
      </div>
    </>
  );
}

/** What is selected after a key; undefined: it is no key of the text's. */
function afterKey(
  selecting: Selecting,
  selected: Stretch | null,
  { key, shiftKey, ctrlKey, altKey }: KeyboardEvent,
): Stretch | null | undefined {
  if (key === 'Home') return selecting.first();
  if (key === 'End') return selecting.last();
  if (key === 'PageDown') return selecting.paragraph(selected, 'next');
  if (key === 'PageUp') return selecting.paragraph(selected, 'previous');
  if (key === 'ArrowDown') return selecting.move(selected, shiftKey ? 'longer' : 'next', 'sentence');
  if (key === 'ArrowUp') return selecting.move(selected, shiftKey ? 'shorter' : 'previous', 'sentence');
  if (key !== 'ArrowRight' && key !== 'ArrowLeft') return undefined;
  const isOn = key === 'ArrowRight';
  if ((ctrlKey || altKey) && selected !== null)
    return selecting.moveStart(selected, isOn ? 'next' : 'previous');
  return selecting.move(
    selected,
    shiftKey ? (isOn ? 'longer' : 'shorter') : isOn ? 'next' : 'previous',
    'word',
  );
}

interface FindProps {
  readonly selecting: Selecting;
  readonly onFound: (found: Stretch) => void;
  readonly onClose: () => void;
}

function Find({ selecting, onFound, onClose }: FindProps) {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const found = typed.trim() === '' ? null : selecting.find(typed);
  const isMissing = typed.trim() !== '' && found === null;
  const change = (value: string): void => {
    setTyped(value);
    const here = value.trim() === '' ? null : selecting.find(value);
    if (here !== null) onFound(here);
  };
  return (
    <TextInput
      ref={input}
      className={style.find}
      label={words.find}
      description={words.findHelp}
      size="xs"
      value={typed}
      error={isMissing ? words.notFound : null}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      onBlur={onClose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    />
  );
}
