import { Overloaded, UnknownDossier } from './event.js';
import { isOutage } from './outage.js';
import { ProjectionBehind, ProjectionStopped } from './projection.js';

describe('what the log refuses', () => {
  it('says in a service’s own log which refusal it is', () => {
    const errors = [
      new UnknownDossier('a'),
      new Overloaded('b'),
      new ProjectionBehind('c'),
      new ProjectionStopped('d'),
    ];
    expect(errors.map(String)).toEqual([
      'UnknownDossier: a',
      'Overloaded: b',
      'ProjectionBehind: c',
      'ProjectionStopped: d',
    ]);
  });

  it('is worth another try later only where there is too much to do', () => {
    expect(isOutage(new Overloaded('full'))).toBe(true);
    expect(isOutage(new UnknownDossier('none'))).toBe(false);
  });
});
