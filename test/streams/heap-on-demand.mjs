/**
 * Loaded into a service before itself (`node --import`): on SIGUSR2 it collects all garbage and says in one line on
 * standard output how many bytes of the heap are left, which is what a leak adds to.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  process.stdout.write(`heap: ${process.memoryUsage().heapUsed}\n`);
});
