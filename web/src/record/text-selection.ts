import { useEffect, useRef, type RefObject } from 'react';
import type { Stretch } from './selecting.js';

/** Milliseconds without a change after which a selection made without a mouse (a finger's handles, a screen reader) is taken for finished. */
const FINISHED = 400;

/** Calls back with what somebody selects in a text as they would anywhere. Its text content must be the text itself. */
export function useTextSelection(
  place: RefObject<HTMLElement | null>,
  onSelect: (selected: Stretch) => void,
): void {
  const callback = useRef(onSelect);
  callback.current = onSelect;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let timer: number | undefined;
    let isPressed = false;
    const take = (): void => {
      const selected = selectedIn(element);
      if (selected === null) return;
      callback.current(selected);
      document.getSelection()?.removeAllRanges(); // it is shown as a mark of ours from here on, which stays while the form has the caret
    };
    const onChange = (): void => {
      window.clearTimeout(timer);
      if (!isPressed) timer = window.setTimeout(take, FINISHED);
    };
    const onPress = ({ pointerType }: PointerEvent): void => void (isPressed = pointerType === 'mouse');
    const onRelease = (): void => {
      if (isPressed) window.setTimeout(take);
      isPressed = false;
    };
    element.addEventListener('pointerdown', onPress);
    window.addEventListener('pointerup', onRelease);
    document.addEventListener('selectionchange', onChange);
    return () => {
      window.clearTimeout(timer);
      element.removeEventListener('pointerdown', onPress);
      window.removeEventListener('pointerup', onRelease);
      document.removeEventListener('selectionchange', onChange);
    };
  }, [place]);
}

/** What of an element is selected, without white space at its ends. */
function selectedIn(element: HTMLElement): Stretch | null {
  const selection = document.getSelection();
  if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const selected = range.toString();
  const words = selected.trim();
  if (words === '') return null;
  const start = before.toString().length + selected.indexOf(words);
  return { start, end: start + words.length };
}
