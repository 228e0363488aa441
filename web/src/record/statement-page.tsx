import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function StatementPage() {
  return <Page title={texts.record.statement}>{null}</Page>;
}
