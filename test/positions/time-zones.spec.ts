import { execFileSync } from 'node:child_process';

const SCRIPT = `
  const { parseSaidAt } = await import(process.argv[1]);
  console.log(JSON.stringify(process.argv.slice(2).map((text) => parseSaidAt(text))));
`;

const DATES = [
  ...'2025-04-21 2025-04 2025 2025-21 202X 2025-XX 2025-04-21~ ../2025-03-30 2025-10-26/..'.split(' '),
  ...'2025-03-30T02:30 2025-10-26T02:30:00 2025-04-21T18:00Z 2025-04-21T18:00-05:00 ../2025-04-21T18:00'.split(
    ' ',
  ),
];

/** What the built service understands by these dates where the machine's clock is set to a time zone. */
function intervalsIn(timeZone: string): unknown {
  const service = new URL('../../dist/src/domain/said-at.js', import.meta.url).href;
  const parameters = ['--input-type=module', '--eval', SCRIPT, '--', service, ...DATES];
  const output = execFileSync(process.execPath, parameters, { env: { ...process.env, TZ: timeZone } });
  return JSON.parse(output.toString());
}

test.each(['America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Europe/Kyiv'])(
  'a date means the same interval of time on a machine in %s as on one in UTC',
  (timeZone) => {
    expect(intervalsIn(timeZone)).toEqual(intervalsIn('UTC'));
  },
);
