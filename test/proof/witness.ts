import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A witness of the tests' own making: C2SP tlog-cosignature. Shares no line with src. */
export class Witness {
  readonly verifierKey: string;
  private readonly key: KeyObject;
  private readonly id: Buffer;

  constructor(private readonly name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const material = Buffer.concat([
      Buffer.of(4),
      publicKey.export({ format: 'der', type: 'spki' }).subarray(12),
    ]);
    this.key = privateKey;
    this.id = createHash('sha256').update(`${name}\n`).update(material).digest().subarray(0, 4);
    this.verifierKey = `${name}+${this.id.toString('hex')}+${material.toString('base64')}`;
  }

  line(text: string, time = 1_745_312_400n): string {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(time);
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), this.key);
    return `\u2014 ${this.name} ${Buffer.concat([this.id, stamp, signature]).toString('base64')}\n`;
  }
}
