import { receiptOf } from './receipt.js';

const CHECKPOINT = 'standpoint/dossier/d\n3\nroot\n\n\u2014 a AAAAAAA=\n';
const hashes = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const event = { sequence: 2, entry: '{"é":1}', leafHash: Buffer.alloc(32) };
const extraOf = (receipt: string): unknown =>
  JSON.parse(Buffer.from(/^extra (.+)$/m.exec(receipt)?.[1] ?? '', 'base64').toString());

describe('a receipt', () => {
  test('is a proof as the tlog-proof specification writes it', () => {
    const receipt = receiptOf({ ...event, payload: null }, hashes, CHECKPOINT);
    expect(receipt.replace(/^extra .+$/m, 'extra …')).toBe(
      [
        'c2sp.org/tlog-proof@v1',
        'extra …',
        'index 1',
        'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
        'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
        '',
        CHECKPOINT,
      ].join('\n'),
    );
  });

  test('brings the entry, the payload and its salt', () => {
    const payload = { text: '{"quote": "é"}', salt: Buffer.alloc(16, 3) };
    expect(extraOf(receiptOf({ ...event, payload }, hashes, CHECKPOINT))).toEqual({
      entry: '{"é":1}',
      payload: '{"quote": "é"}',
      salt: 'AwMDAwMDAwMDAwMDAwMDAw==',
    });
  });

  test('brings neither payload nor salt where they were redacted', () => {
    expect(extraOf(receiptOf({ ...event, payload: null }, hashes, CHECKPOINT))).toEqual({
      entry: '{"é":1}',
      payload: null,
      salt: null,
    });
  });
});
