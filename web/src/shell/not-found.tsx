import { Text } from '@mantine/core';
import { Page } from '../design/page.js';
import { texts } from '../texts/texts.js';

export function NotFound() {
  return (
    <Page title={texts.problems.notFound}>
      <Text>{texts.problems.notFoundMore}</Text>
    </Page>
  );
}
