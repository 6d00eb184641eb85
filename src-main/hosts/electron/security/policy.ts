/** The one page of the desktop: its own scheme, so that it has an origin and never is a `file://` (rule 18). */
export const appScheme = 'perch';
export const appOrigin = `${appScheme}://app`;
export const appUrl = `${appOrigin}/`;

/** The part of a frame that says who it is. */
export interface Frame {
  url: string;
  parent: unknown;
}

/** Rule 17: messages are taken from the main frame of our page only; a frame that is gone is nobody. */
export function isAppFrame(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/** Rule 13: the page may load itself again; it may go nowhere else. */
export function isAppUrl(address: string): boolean {
  const url = URL.parse(address);
  // A scheme of our own has the opaque origin "null" to Node's parser, so the parts are compared.
  return (
    url?.protocol === `${appScheme}:` && url.host === 'app' && url.username === '' && url.password === ''
  );
}

/** Rule 1: the page loads from its own origin, its own memory and, in development, the inspector's; never a network. */
export function isLoadAllowed(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  if (url.protocol === 'blob:') return url.pathname.startsWith(appUrl);
  return isAppUrl(address) || url.protocol === 'data:' || url.protocol === 'devtools:';
}
