import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function TimelinePage() {
  return <Page title={texts.timeline.title}>{null}</Page>;
}
