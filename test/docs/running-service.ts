import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface RunningService {
  readonly url: string;
  /** Ends it as an operator would; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the service of a project folder on a free port, with this environment and nothing of our own settings. */
export async function startService(
  project: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    cwd: project,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...environment },
  });
  const said: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const url = / listening on (http:\S+)$/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    child.once('exit', () => reject(new Error(`It ended: ${said.join(' | ')}`)));
  });
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };
  return { url: await listening, stop };
}
