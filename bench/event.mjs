/** The event that every store is given: about 700 bytes. */
export const DATA = {
  act: 'DemandMade',
  saidAt: '2025-04-21',
  quote: 'q'.repeat(300),
  summary: 's'.repeat(200),
  note: 'n'.repeat(120),
};
export const KIND = 'statement';
export const TYPE = 'statement-recorded';
