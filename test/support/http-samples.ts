import type { AssessmentReceipt } from '../../src/recording/assessments/assess-position.js';
import type { Route } from './http-contract.js';
import { recordTalks } from './http-talks.js';
import type { Service } from './service.js';

const assessment = {
  party: 'russia',
  topic: 'direct-talks',
  stance: 'noncommittal',
  conditions: ['talks are public'],
  asOf: '2025-05-01',
  basis: ['s04'],
  rationale: 'Nothing was heard since.',
};

const statement = {
  act: 'ClarificationIssued',
  party: 'russia',
  speaker: 'putin',
  topic: 'direct-talks',
  saidAt: '2025-04-23',
  attribution: 'direct',
  source: 'article',
  passage: { exact: 'direct peace talks', prefix: 'openness to ', suffix: ' with Ukraine' },
  summary: 'Talks.',
  addressees: ['ukraine'],
  against: 'ukraine',
  refersTo: 's04',
  stance: 'supportive',
  conditions: ['no conditions are set'],
  language: 'en',
  translation: 'Gespräche.',
  note: 'A note.',
};

const affiliation = { party: 'russia', role: 'Envoy', from: '2020', to: '2030' };
const order = { reason: 'A court demands it.', basis: 'Regulation (EU) 2016/679, article 17' };
const reason = { reason: 'The wrong outlet.' };

/** A body that each write accepts, by its operation; every field is given, so that each can be spoilt. */
const BODIES: Readonly<Record<string, object>> = {
  openDossier: { slug: 'sample', title: 'Sample', description: 'A sample.' },
  addParty: { slug: 'sample', name: 'Sample', aliases: ['A sample'], kind: 'group' },
  changeParty: { name: 'Russia as of now', aliases: ['Moscow', 'Kremlin'], kind: 'state' },
  addSpeaker: { slug: 'sample', name: 'Sample', aliases: ['A sample'], affiliations: [affiliation] },
  changeSpeaker: { name: 'V. Putin', aliases: ['Putin'], affiliations: [affiliation] },
  addTopic: { slug: 'sample', name: 'Sample', proposition: 'Samples are taken' },
  changeTopic: { name: 'Talks', proposition: 'There are talks' },
  addSource: {
    slug: 'sample',
    title: 'Sample',
    url: 'https://example.org/',
    outlet: 'The Example',
    publishedAt: '2025-04-22',
    language: 'en',
    text: 'A text.',
  },
  changeSource: {
    title: 'Article',
    url: 'https://example.org/',
    outlet: 'The Example',
    publishedAt: '2025-04-23',
    language: 'de',
    text: 'Another text.',
  },
  recordStatement: { slug: 'sample', ...statement },
  recordBatchStatement: { statements: [{ slug: 'sample-of-two', ...statement }, statement] },
  correctStatement: { changes: statement, ...reason },
  voidStatementRecord: reason,
  restoreStatementRecord: reason,
  assessAssessment: assessment,
  correctAssessment: { changes: { ...assessment, stance: 'open' }, ...reason },
  voidAssessmentRecord: reason,
  restoreAssessmentRecord: reason,
  createUser: { slug: 'sample', name: 'Sample', role: 'recorder' },
  setRoleUser: { role: 'recorder', ...reason },
  disableUser: reason,
  enableUser: reason,
  issueToken: { label: 'Sample', expiresAt: '2099-01-01T00:00:00.000Z' },
  grantMember: { role: 'reader', ...reason },
  setVisibility: { visibility: 'members', audits: 'readers', ...reason },
  redactStatement: order,
  redactAssessment: order,
  redactSource: order,
  redactParty: order,
  redactSpeaker: order,
  redactTopic: order,
  replaceLedgerKey: reason,
  goOnLedgerKey: reason,
  cosignLedger: { checkpoint: 'A note.' },
  beginSession: { token: 'sp_nobodys' },
};

/** A user who is a reader of the samples' dossier, and has a token. */
const userOf = (dossier: string): string => `reader-of-${dossier}`;

/** A dossier in which every route of the service has something to answer about. */
export class Samples {
  private constructor(
    readonly dossier: string,
    private readonly ids: Readonly<Record<string, string>>,
    private readonly token: string,
  ) {}

  static async prepare(service: Service, dossier = 'samples'): Promise<Samples> {
    await recordTalks(service, dossier);
    const user = userOf(dossier);
    await service.write('/users', { slug: user });
    const { id: token } = await service.write<{ id: string }>(`/users/${user}/tokens`, {});
    await service.request('PUT', `/dossiers/${dossier}/members/${user}`, { body: { role: 'reader' } });
    const address = `/dossiers/${dossier}/assessments`;
    const assess = (): Promise<AssessmentReceipt> => service.write(address, assessment);
    const [shown, corrected, voided, restored, erased] = [
      await assess(),
      await assess(),
      await assess(),
      await assess(),
      await assess(),
    ];
    for (const kind of Object.keys(THINGS))
      await service.write(`/dossiers/${dossier}/${kind}`, {
        slug: 'erased',
        [kind === 'sources' ? 'title' : 'name']: 'Erased',
      });
    await service.write(`/dossiers/${dossier}/statements`, { ...statement, slug: 'erased' });
    await service.write(`${address}/${restored.id}/void`, reason);
    await service.write(`/dossiers/${dossier}/statements/s18/void`, reason);
    const ids = {
      showAssessment: shown.id,
      correctAssessment: corrected.id,
      voidAssessmentRecord: voided.id,
      restoreAssessmentRecord: restored.id,
      voidStatementRecord: 's19',
      restoreStatementRecord: 's18',
      correctStatement: 's08',
      redactStatement: 'erased',
      redactAssessment: erased.id,
      redactSource: 'erased',
      redactParty: 'erased',
      redactSpeaker: 'erased',
      redactTopic: 'erased',
    };
    return new Samples(dossier, ids, token);
  }

  /** A body that the route accepts; undefined where it takes none. */
  bodyOf({ operation }: Route): object | undefined {
    return BODIES[operation.operationId];
  }

  /** An address of the route at which there is something. */
  addressOf({ path, operation }: Route): string {
    const id = this.ids[operation.operationId] ?? THINGS[/\/(\w+)\/\{id\}/.exec(path)?.[1] ?? ''] ?? 's07';
    return path
      .replace('{dossier}', this.dossier)
      .replace('{id}', id)
      .replace('{party}', 'russia')
      .replace('{topic}', 'direct-talks')
      .replace('{name}', 'positions')
      .replace('{sequence}', '1')
      .replace('{path}', '0/000.p/1')
      .replace('{user}', userOf(this.dossier))
      .replace('{token}', this.token);
  }
}

const THINGS: Readonly<Record<string, string>> = {
  parties: 'russia',
  speakers: 'putin',
  topics: 'direct-talks',
  sources: 'article',
};
