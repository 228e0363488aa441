/** Says more than may wait to be written, then, once it is told anything, a long line twice, and ends in order. */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { openLogs } from '../../dist/src/operating/service-log.js';

const { requests, written } = openLogs('info');
for (let number = 0; number < 20_000; number++) {
  requests.info({ number, filler: '-'.repeat(1_000) }, 'line');
  if (number % 100 === 0) await turn();
}
process.stdout.write('full\n');
await once(process.stdin, 'data');
for (let time = 1; time <= 2; time++) {
  requests.info({ time, filler: '-'.repeat(200_000) }, 'there is room again'); // the first finds none among what waits
  await turn();
  await written();
}
process.exit(0);
