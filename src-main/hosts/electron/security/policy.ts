/** The page has its own scheme, so that it has an origin and is never a `file://` URL (rule 18). */
export const appScheme = 'perch';
export const appOrigin = `${appScheme}://app`;
export const appUrl = `${appOrigin}/`;

/** Pages that are being printed. They run no scripts. */
export const printUrl = `${appScheme}://print/`;

/** The part of a frame that identifies it. */
export interface Frame {
  url: string;
  parent: unknown;
}

/** Rule 17: only the main frame of Perch's own page may send messages. */
export function isAppFrame(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/** Rule 13: the page may navigate to itself only. */
export function isAppUrl(address: string): boolean {
  const url = URL.parse(address);
  // Node's parser gives custom schemes the opaque origin "null", so the parts are compared.
  return (
    url?.protocol === `${appScheme}:` && url.host === 'app' && url.username === '' && url.password === ''
  );
}

/** Whether an address is that of a page to print. */
export function isPrintUrl(address: string): boolean {
  return /^perch:\/\/print\/[0-9a-f-]{36}$/.test(address);
}

/**
 * Rule 1: the page loads from its own origin and its memory, hidden windows load pages to print, and developer tools load their own
 * files. None loads from a network.
 */
export function isLoadAllowed(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  if (url.protocol === 'blob:') return url.pathname.startsWith(appUrl);
  return isAppUrl(address) || isPrintUrl(address) || url.protocol === 'data:' || url.protocol === 'devtools:';
}
