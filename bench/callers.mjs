/**
 * Milliseconds that callers call before anything is counted: connections that were closed while others were measured are open again, which
 * costs each of them some 15 ms of both sides' processors.
 */
const WARM_UP = 300;

/**
 * As many callers as told, each calling again as soon as it is answered: the milliseconds that each call took which was begun within so many
 * seconds, once all are warm.
 */
export async function measure(callers, seconds, call) {
  const latencies = [];
  const began = performance.now() + WARM_UP;
  const end = began + seconds * 1_000;
  const caller = async (number) => {
    for (let at = performance.now(); at < end;) {
      await call(number);
      const answered = performance.now();
      if (at >= began) latencies.push(answered - at);
      at = answered;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  return { latencies, milliseconds: performance.now() - began };
}
