/** Writes docs/acts.md from the catalogue of the built service. */
import { writeFile } from 'node:fs/promises';
import { actsTable } from '../dist/src/domain/acts-table.js';

const text = `# Acts

The catalogue, from \`src/domain/acts.ts\`. Written by \`npm run docs\`: change the catalogue, not this page.

- _refers to_: the statements that it may answer, and must unless it is optional. An act without an entry may refer to any statement.
- _requires_: what a statement of this act must bring besides what every statement brings.
- _default stance_: the stance that it gives its party on its topic unless the recorder states one.
- _CAMEO_ (Schrodt 2012), _PLOVER_ (Open Event Data Alliance): the codes with which it is exported.

${actsTable()}`;

await writeFile(new URL('acts.md', import.meta.url), text);
