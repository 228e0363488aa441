import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function UsersPage() {
  return <Page title={texts.access.users}>{null}</Page>;
}
