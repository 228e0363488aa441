import { ExternalLink } from 'lucide-react';
import { texts } from '../texts/texts.js';

/** A source's address: a link only where it leads to the web, for anybody may have written anything there. */
export function WebAddress({ url }: { readonly url: string | null }) {
  if (url === null) return null;
  if (!isOfTheWeb(url)) return <span dir="ltr">{url}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {texts.record.text.original} <ExternalLink size={13} aria-hidden />
    </a>
  );
}

function isOfTheWeb(url: string): boolean {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol);
}
