import type { Bytes } from './bytes.js';

/** Whether a signature is a key's (RFC 8032): by the browser itself, or where it knows no Ed25519 by a library that is loaded then. */
export async function isSignature(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']).catch(() => null);
  if (key !== null) return crypto.subtle.verify('Ed25519', key, signature, message);
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    return false; // of another length
  }
}
