/** Where a stretch of the write-ahead log begins and ends, as pg_lsn (`16/B374D848`); the end is exclusive. */
export interface WalStretch {
  readonly from: string;
  readonly to: string;
  readonly timeline: number;
  /** Bytes of a segment. */
  readonly segmentSize: number;
}

/** The names of the files that hold it, in order: XLogFileName in PostgreSQL's src/include/access/xlog_internal.h. */
export function walSegments({ from, to, timeline, segmentSize }: WalStretch): string[] {
  const size = BigInt(segmentSize);
  const perFile = 0x1_0000_0000n / size;
  const last = (position(to) - 1n) / size;
  const names: string[] = [];
  for (let segment = position(from) / size; segment <= last; segment += 1n)
    names.push([BigInt(timeline), segment / perFile, segment % perFile].map(inEightDigits).join(''));
  return names;
}

function position(lsn: string): bigint {
  const [high, low] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

function inEightDigits(number: bigint): string {
  return number.toString(16).toUpperCase().padStart(8, '0');
}
