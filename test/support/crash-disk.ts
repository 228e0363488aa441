import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eventually } from './test-folder.js';

const MEGABYTE = 1024 * 1024;

/** Megabytes: PostgreSQL needs about 50 for an empty cluster and up to 80 for its log; much more takes long to fill, and takes memory. */
const SIZE = { wanted: 256, least: 200, most: 600 } as const;

/** Milliseconds between two looks for room that has appeared on a disk that is to stay full. */
const LOOK = 25;

/** A small file system of its own, which can be filled to the last byte without harm to anybody else. */
export class SmallDisk {
  private filling: { stopping: boolean; done: Promise<void> } | undefined;

  private constructor(
    readonly folder: string,
    private readonly unmount: () => Promise<unknown>,
  ) {}

  /** Whether this machine lets us have one. */
  static async isPossible(): Promise<boolean> {
    const disk = await SmallDisk.make().catch(() => null);
    await disk?.remove();
    return disk !== null;
  }

  /** Rejects, and says what the machine must allow, where there is no way to one. */
  static async make(): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'standpoint-disk-'));
    const uid = `uid=${process.geteuid?.() ?? 0},gid=${process.getegid?.() ?? 0}`;
    const options = `size=${SIZE.wanted}m,mode=700,${uid}`;
    for (const before of [[], ['sudo', '-n']])
      if (await run([...before, 'mount', '-t', 'tmpfs', '-o', options, 'standpoint-test', folder]))
        return new SmallDisk(folder, () => run([...before, 'umount', folder]));
    await rm(folder, { recursive: true });
    if (await isSmall('/dev/shm'))
      return new SmallDisk(await mkdtemp('/dev/shm/standpoint-disk-'), () => Promise.resolve());
    throw new Error(
      'A full disk can only be tried on a small file system, and there is none: mounting one needs root and CAP_SYS_ADMIN ' +
        `(docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined), or /dev/shm must be of ${SIZE.least} to ${SIZE.most} MB (docker run --shm-size=${SIZE.wanted}m).`,
    );
  }

  /** Fills it, and takes at once whatever room appears, until `free`. */
  async fill(): Promise<void> {
    await this.takeAllRoom();
    const filling = { stopping: false, done: Promise.resolve() };
    filling.done = (async (): Promise<void> => {
      while (!filling.stopping) {
        await this.takeAllRoom();
        await delay(LOOK);
      }
    })();
    this.filling = filling;
  }

  /** Makes room again. */
  async free(): Promise<void> {
    if (this.filling) this.filling.stopping = true;
    await this.filling?.done;
    await rm(this.ballast, { force: true });
  }

  async remove(): Promise<void> {
    await this.free();
    await rm(join(this.folder, 'data'), { recursive: true, force: true });
    await eventually(async () => (await this.unmount()) !== false); // what has ended may still be letting go of it
    await rm(this.folder, { recursive: true, force: true });
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }

  private async takeAllRoom(): Promise<void> {
    const file = await open(this.ballast, 'a');
    try {
      for (let size = MEGABYTE; size >= 4_096; size = size > 4_096 ? Math.max(4_096, size / 16) : 0)
        while (await took(file.write(Buffer.alloc(size)), size));
    } finally {
      await file.close();
    }
  }
}

async function took(writing: Promise<{ bytesWritten: number }>, size: number): Promise<boolean> {
  try {
    return (await writing).bytesWritten === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false; // holds: writing fails with a system error
    throw error;
  }
}

async function run([program = '', ...parameters]: readonly string[]): Promise<boolean> {
  return promisify(execFile)(program, parameters).then(
    () => true,
    () => false,
  );
}

async function isSmall(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }));
  const megabytes = (bavail * bsize) / MEGABYTE;
  return megabytes >= SIZE.least && megabytes <= SIZE.most;
}
