import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function ListPage() {
  return <Page title={texts.lists.parties}>{null}</Page>;
}
