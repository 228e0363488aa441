import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function SourcePage() {
  return <Page title={texts.record.source}>{null}</Page>;
}
