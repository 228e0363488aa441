import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function RecordPage() {
  return <Page title={texts.record.title}>{null}</Page>;
}
