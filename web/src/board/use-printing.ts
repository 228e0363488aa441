import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Whether the page is being drawn for paper: a browser does not wait, so what is drawn otherwise there is drawn at once. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(() => window.matchMedia('print').matches);
  useEffect(() => {
    const media = window.matchMedia('print');
    const change = (): void => flushSync(() => setPrinting(media.matches));
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, []);
  return isPrinting;
}
