import { X509Certificate } from 'node:crypto';
import os from 'node:os';

/** A private key and its certificate, as PEM. */
export interface KeyPair {
  key: string;
  certificate: string;
}

/** A new certificate for one process. Workers pin it, so it needs no authority and no name. */
export async function createCertificate(): Promise<KeyPair> {
  const { generate } = await import('selfsigned');
  const { private: key, cert: certificate } = await generate([{ name: 'commonName', value: os.hostname() }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  return { key, certificate };
}

/** The SHA-256 fingerprint of a certificate, by which a worker recognizes it. */
export function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256;
}
