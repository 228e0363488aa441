/**
 * Loaded into a service before itself (`node --import`): on SIGUSR2 it collects all garbage and says in one line on
 * standard output how many bytes are left on the heap and in buffers beside it,
 * which is what a leak adds to. What the process has of the system says less: it keeps what it once needed.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage(); // array buffers are part of external
  process.stdout.write(`memory: ${heapUsed + external}\n`);
});
