import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { RecordedEvent } from '../../src/ledger/event.js';
import { POSITIONS } from '../../src/entries/positions-projection.js';
import { Clockwork } from '../support/core-clockwork.js';
import { Core } from '../support/core.js';
import { Asking } from './asking.js';
import { TABLE } from './catalogue.js';
import { Examination, questions, type Answer, type Question } from './questions.js';
import { Recording, resolutionsIn } from './recording.js';
import { draft, setUp, steps } from './steps.js';

/** `STANDPOINT_RUNS=5000 STANDPOINT_SEED=42` repeats or extends what a run did; each run says its seed. */
const RUNS = Number(process.env['STANDPOINT_RUNS'] ?? 100);
const SEED = Number(process.env['STANDPOINT_SEED'] ?? randomInt(2 ** 31));

/** Milliseconds: enough for slow machines, and for a failure to be made small before it is told. */
const PATIENCE = 300_000 + 2_000 * RUNS;

/** What a history is made of besides acts. */
const OTHERS = [
  'PositionAssessed',
  'RecordCorrected',
  'RecordVoided',
  'RecordRestored',
  'PayloadRedacted',
  'SpeakerAffiliationsChanged',
];

const clockwork = new Clockwork();
let core: Core;

beforeAll(async () => {
  process.stdout.write(`histories: STANDPOINT_SEED=${SEED} STANDPOINT_RUNS=${RUNS}\n`);
  core = await Core.open(clockwork);
});

afterAll(() => core.close());

test(
  'the service answers every question about any history as the oracle does, whatever the order of its recording',
  async () => {
    const happened = new Map<string, number>();
    const history = fc.record({ setUp, steps, questions, rebuilt: fc.boolean() });
    const agrees = fc.asyncProperty(
      history,
      async ({ setUp: things, steps: all, questions: asked, rebuilt }) => {
        const recording = await Recording.begin(core, clockwork, things);
        for (const step of all) await recording.take(step);
        const events = await core.log.read(recording.dossier, 0, 100_000);
        expect(resolutionsIn(events)).toEqual(recording.resolutions());
        const wrong =
          (await disagreement(recording, events, asked)) ??
          (rebuilt ? await disagreementOnceRebuilt(recording, events, asked) : null);
        expect(wrong).toEqual(agreed(wrong));
        for (const { type } of events) happened.set(type, (happened.get(type) ?? 0) + 1);
      },
    );
    await fc.assert(agrees, { seed: SEED, numRuns: RUNS });
    const counts = OTHERS.map((type) => `${type} ${happened.get(type) ?? 0}`).join(', ');
    process.stdout.write(`histories: ${counts}\n`);
    const missing = [...Object.keys(TABLE), ...OTHERS].filter((type) => !happened.has(type));
    expect(RUNS < 100 ? [] : missing).toEqual([]); // histories without some act would prove nothing about it
  },
  PATIENCE,
);

test(
  'a dossier larger than one read of anything answers as the oracle does',
  async () => {
    const parties = 50;
    const topics = 55;
    const pairs = parties * topics;
    const things = { parties, topics, speakers: [[], [{ party: 0, from: null, to: null }]], imported: true };
    const drafts = fc.sample(draft, { seed: SEED, numRuns: pairs + 750 }).map((each, index) => ({
      ...each,
      party: index % parties,
      topic: Math.floor(index / parties) % topics,
    }));
    const recording = await Recording.begin(core, clockwork, things);
    await recording.take({ kind: 'record', manner: 'import', drafts, chunk: 50_000, tick: 1 });
    const events = await core.log.read(recording.dossier, 0, 100_000);
    expect(events.length).toBeGreaterThan(3_000);
    const known = { by: 'head', event: 0, milliseconds: 0 } as const;
    const half = { by: 'sequence', event: 1_500, milliseconds: 0 } as const;
    const at = { saidAt: '2025-04-21', milliseconds: 0 };
    const laterAt = { saidAt: '2026-04-21', milliseconds: 0 };
    const question = { at, laterAt, known, laterKnown: half, pair: 0, kind: 2, limit: 400 };
    const wrong = await disagreement(recording, events, [question]);
    expect(wrong).toEqual(agreed(wrong));
  },
  PATIENCE,
);

/** The first answer on which the service and the oracle disagree; null where there is none. */
async function disagreement(
  { dossier }: Recording,
  events: readonly RecordedEvent[],
  asked: readonly Question[],
): Promise<Answer | null> {
  const examination = new Examination(new Asking(core, dossier), events, clockwork.now());
  for (const question of asked)
    for await (const answer of examination.answers(question))
      if (!isDeepStrictEqual(answer.answered, answer.expected)) return answer;
  return null;
}

async function disagreementOnceRebuilt(
  recording: Recording,
  events: readonly RecordedEvent[],
  asked: readonly Question[],
): Promise<Answer | null> {
  await core.rebuild(recording.dossier, POSITIONS);
  return disagreement(recording, events, asked);
}

/** As it should have been answered. */
function agreed(answer: Answer | null): Answer | null {
  return answer && { ...answer, answered: answer.expected };
}
