import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function PositionPage() {
  return <Page title={texts.position.title('', '')}>{null}</Page>;
}
