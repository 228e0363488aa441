import { texts } from '../texts/texts.js';
import { exactInstant, instantInWords, isImprecise, saidAtInWords } from './dates.js';
import style from './time.module.css';

/** When something was said, as exactly as it is known: an imprecise date looks and reads as such. */
export function SaidAt({ edtf }: { readonly edtf: string }) {
  const imprecise = isImprecise(edtf);
  return (
    <time
      className={style.said}
      data-imprecise={imprecise || undefined}
      title={imprecise ? `${edtf}: ${texts.dates.imprecise}` : edtf}
    >
      {saidAtInWords(edtf)}
    </time>
  );
}

/** An instant of said-time or of recorded-time (RFC 3339). */
export function Instant({ at }: { readonly at: string }) {
  return (
    <time className={style.instant} dateTime={at} title={exactInstant(at)}>
      {instantInWords(at)}
    </time>
  );
}
