import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function RevisionsPage() {
  return <Page title={texts.audit.title}>{null}</Page>;
}
