import type { Bell } from './follower.js';
import { Pace, type IsAppending } from './pace.js';
import type { Projection } from './projection.js';
import { SHORT_STEP, STEP, type Projector, type StepOutcome } from './projector.js';

export interface CourseOptions {
  readonly projection: Projection;
  readonly projector: Pick<Projector, 'step'>;
  readonly isAppending: IsAppending;
  /** Rung after each step. */
  readonly progress: Bell;
  readonly stopping: AbortSignal;
  readonly complain: (error: unknown) => void;
}

/** Keeps one projection up with the logs, each dossier for itself and at its own pace: none waits while another makes way for appends. */
export class ProjectionCourse {
  private readonly running = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  private readonly pace: Pace;

  constructor(private readonly options: CourseOptions) {
    this.pace = new Pace(options.projection.manners, options.isAppending);
  }

  get projection(): Projection {
    return this.options.projection;
  }

  /** An append of this process has made the dossier's log grow. */
  grown(dossier: string): void {
    this.pace.grown(dossier);
    this.wake(dossier);
  }

  /** Sees to it that the projection takes in what the log holds now; nothing comes of it once it is being stopped. */
  wake(dossier: string): void {
    if (this.running.has(dossier)) this.again.add(dossier);
    else this.running.set(dossier, this.run(dossier));
  }

  /** Makes way for nobody while a reader waits for the dossier's rows. */
  hurried<T>(dossier: string, waiting: () => Promise<T>): Promise<T> {
    return this.pace.hurried(dossier, waiting);
  }

  /** Resolves after the steps under way, once it is being stopped. */
  async ended(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async run(dossier: string): Promise<void> {
    let ended: boolean;
    do {
      this.again.delete(dossier);
      ended = await this.catchUp(dossier);
    } while (this.again.has(dossier));
    if (ended) this.pace.caughtUp(dossier);
    this.running.delete(dossier);
  }

  /** False: a step failed. What it should have taken in is as old as before: the projection makes no way for appends until it has. */
  private async catchUp(dossier: string): Promise<boolean> {
    const { projection, projector, progress, stopping, complain } = this.options;
    try {
      for (let outcome: StepOutcome = 'more'; outcome === 'more' && !this.stopped;) {
        const began = performance.now();
        outcome = await projector.step(dossier, projection, this.pace.isQuiet(dossier) ? STEP : SHORT_STEP);
        if (outcome === 'done') this.pace.tookIn(dossier, began);
        progress.ring(dossier);
        await this.pace.rest(dossier, stopping);
      }
      return true;
    } catch (error) {
      complain(error);
      return false;
    }
  }

  private get stopped(): boolean {
    return this.options.stopping.aborted;
  }
}
