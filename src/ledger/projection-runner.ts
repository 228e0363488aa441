import { setMaxListeners } from 'node:events';
import type { DataSource } from 'typeorm';
import { Bell } from './follower.js';
import { isOutage } from './outage.js';
import type { IsAppending } from './pace.js';
import { ProjectionBehind, ProjectionStopped, type Build, type Projection } from './projection.js';
import { ProjectionBuilds } from './projection-builds.js';
import { ProjectionCourse } from './projection-course.js';
import type { Projector } from './projector.js';

/** Milliseconds: between two looks for dossiers that nobody advances, and between two looks at a checkpoint that another process moves. */
const SWEEP = 1_000;
const GLANCE = 25;

/** Longest that a reader waits for its projection. */
export const PATIENCE = 15_000;

export interface RunnerOptions {
  readonly database: DataSource;
  readonly projector: Projector;
  readonly projections: readonly Projection[];
  readonly bell: Bell;
  readonly isAppending: IsAppending;
  readonly now: () => string;
  /** Milliseconds that a reader waits for its projection. */
  readonly patience?: number;
  /** Told of what goes wrong in the background. */
  readonly complain: (error: unknown) => void;
}

/** Keeps this process's projections up with the logs: after its own appends, on a reader's demand, and by sweeping up what others left. */
export class ProjectionRunner {
  private readonly courses: readonly ProjectionCourse[];
  private readonly progress = new Bell();
  private readonly stopping = new AbortController();
  private sweeper: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(private readonly options: RunnerOptions) {
    const { projections, projector, isAppending } = options;
    setMaxListeners(0, this.stopping.signal); // each projection of each dossier that makes way for appends listens: no leak, however many
    const ours = {
      projector,
      isAppending,
      progress: this.progress,
      stopping: this.stopping.signal,
      complain: (error: unknown) => this.complain(error),
    };
    this.courses = projections.map((projection) => new ProjectionCourse({ projection, ...ours }));
  }

  start(): void {
    this.options.bell.listen((dossier) => this.courses.forEach((course) => course.grown(dossier)));
    this.sweepLater();
  }

  /** Ends after the steps under way; what they left is taken up by whoever runs next. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.sweeper);
    await this.sweeping;
    await Promise.all(this.courses.map((course) => course.ended()));
  }

  /** Sees to it that the dossier's projections take in what the log holds now. */
  wake(dossier: string): void {
    this.courses.forEach((course) => course.wake(dossier));
  }

  /** The build to read once it has taken in a sequence. Rejects with ProjectionBehind or ProjectionStopped rather than let anyone read a stale one. */
  async caughtUp(dossier: string, name: string, sequence: number): Promise<number> {
    const course = this.course(name);
    const served = await this.served(dossier, course.projection, sequence);
    return served ?? course.hurried(dossier, () => this.reach(dossier, course, sequence));
  }

  named(name: string): Projection {
    return this.course(name).projection;
  }

  private course(name: string): ProjectionCourse {
    const course = this.courses.find(({ projection }) => projection.name === name);
    if (course === undefined) throw new RangeError(`There is no projection ${name}.`);
    return course;
  }

  private async reach(dossier: string, course: ProjectionCourse, sequence: number): Promise<number> {
    const { projection } = course;
    for (const deadline = performance.now() + (this.options.patience ?? PATIENCE); ;) {
      course.wake(dossier);
      await this.progress.wait(dossier, GLANCE);
      const build = await this.served(dossier, projection, sequence);
      if (build !== null) return build;
      if (performance.now() > deadline)
        throw new ProjectionBehind(`${projection.name} has not reached event ${sequence} yet.`);
    }
  }

  /** The build that is served; null if it has not reached the sequence. */
  private async served(dossier: string, projection: Projection, sequence: number): Promise<number | null> {
    const [live] = await this.builds().open(dossier, projection);
    if (live !== undefined && live.checkpoint >= sequence && !lacks(live, projection)) return live.build;
    if (live?.failure)
      throw new ProjectionStopped(
        `${projection.name} cannot take in event ${live.failure.sequence} (${live.failure.type}).`,
      );
    return null;
  }

  private sweepLater(): void {
    const sweep = (): void => {
      this.sweeping = this.sweep().finally(() => this.stopped || this.sweepLater());
    };
    this.sweeper = setTimeout(sweep, SWEEP).unref();
  }

  private async sweep(): Promise<void> {
    const { projector, projections } = this.options;
    try {
      for (const dossier of await this.builds().waiting(projections)) this.wake(dossier);
      await projector.clearExpired(projections);
    } catch (error) {
      this.complain(error);
    }
  }

  /** An outage is not worth a word for every dossier: the health of the service tells of it, and the next sweep goes on. */
  private complain(error: unknown): void {
    if (!isOutage(error)) this.options.complain(error);
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private builds(): ProjectionBuilds {
    return new ProjectionBuilds(this.options.database, this.options.now);
  }
}

/** Whether older code, which keeps this build until ours has caught up, may have passed over what we understand. */
function lacks(build: Build, projection: Projection): boolean {
  return build.version < projection.version && build.isIncomplete;
}
