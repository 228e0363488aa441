/** As many callers as told, each calling again as soon as it is answered, for so many seconds: the milliseconds that each call took. */
export async function measure(callers, seconds, call) {
  const latencies = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  const caller = async (number) => {
    for (let at = performance.now(); at < end;) {
      await call(number);
      const answered = performance.now();
      latencies.push(answered - at);
      at = answered;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  return { latencies, milliseconds: performance.now() - began };
}
