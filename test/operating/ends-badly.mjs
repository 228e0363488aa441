/** Says more than a pipe holds, and ends by an error that nobody catches, or in order: `ends-badly.mjs error|order`. */
import { tellWhatEndsUs } from '../../dist/src/operating/last-words.js';
import { openLogs } from '../../dist/src/operating/service-log.js';

const logs = openLogs('info');
tellWhatEndsUs(logs);
for (let number = 0; number < 10_000; number++)
  logs.requests.info({ number, filler: '-'.repeat(100) }, 'line');
setTimeout(() => {
  if (process.argv[2] === 'error') throw new Error('nobody catches it');
  void logs.written().then(() => process.exit(0));
}, 200);
