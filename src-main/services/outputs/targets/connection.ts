import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { PerchError } from '../../../common/api/errors.ts';

interface Connection {
  url: string;
  plaintext: boolean;
  certificateFile: string | null;
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** @throws PerchError `INVALID_ARGUMENT` if messages would leave the machine without TLS, and the user did not allow it */
export function assertEncrypted({ url, plaintext }: Connection): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || protocol === 'mqtts:' || plaintext || isLoopback(hostname)) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `${url} sends decisions to another machine without encryption. Use ${protocol === 'http:' ? 'https' : 'mqtts'}, or allow plain text.`,
  );
}

/** The certificates to trust. @throws PerchError `NOT_READABLE` */
export function trustedCertificates({ certificateFile }: Connection): { ca?: string[] } {
  if (certificateFile === null) return {};
  try {
    return { ca: [...rootCertificates, readFileSync(certificateFile, 'utf8')] };
  } catch (cause) {
    throw new PerchError(
      'NOT_READABLE',
      `Could not read the certificate ${certificateFile} (${(cause as NodeJS.ErrnoException).code}). Choose another file.`,
      cause,
    );
  }
}

/** Why a receiver could not be reached. @param cause never contains a secret, because none is part of an address */
export function unreachable(url: string, cause: unknown): PerchError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'no machine has this name',
    EAI_AGAIN: 'its name cannot be resolved now',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; name the certificate file to trust it',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed; name the certificate file to trust it',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another machine',
    ABORT_ERR: 'it did not answer in time',
    CERT_HAS_EXPIRED: 'its certificate has expired',
  };
  // A connection that is tried on several addresses has an error without a message of its own.
  const reason = reasons[code ?? ''] ?? (message || code) ?? String(cause);
  return new PerchError('NOT_DELIVERED', `Could not reach ${url}: ${reason}.`, cause);
}
