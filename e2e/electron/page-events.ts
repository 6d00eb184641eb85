import type { EventEmitter } from 'node:events';
import type { Params } from './cdp.ts';
import type { Frame } from './frame.ts';
import { addressForApplication } from './protocol.ts';
import { PreventableEvent } from './strict.ts';

/** Emits `did-start-navigation`. */
export function emitNavigationStart(
  contents: EventEmitter,
  frame: Frame,
  url: string,
  isSameDocument: boolean,
): void {
  const details = {
    url: addressForApplication(url),
    isMainFrame: true,
    isSameDocument,
    frame,
    initiator: frame,
  };
  contents.emit('did-start-navigation', details, details.url, isSameDocument, true);
}

/**
 * Asks the application whether a page may request a document: `will-navigate`, `will-redirect`, `will-frame-navigate`.
 *
 * @param isMainFrame whether the request comes from the main frame
 * @returns whether the page may request the document
 */
export function mayNavigate(
  contents: EventEmitter,
  frame: Frame,
  { request, redirectedRequestId }: Params,
  isMainFrame: boolean,
): boolean {
  const event = Object.assign(new PreventableEvent(), {
    url: addressForApplication(request.url),
    isMainFrame,
    frame,
    initiator: frame,
  });
  if (redirectedRequestId !== undefined) {
    contents.emit('will-redirect', event);
  } else {
    if (isMainFrame) contents.emit('will-navigate', event);
    contents.emit('will-frame-navigate', event);
  }
  return !event.defaultPrevented;
}

const LEVELS = ['debug', 'info', 'warning', 'error'];

/** Emits `console-message`. */
export function emitConsoleMessage(
  contents: EventEmitter,
  frame: Frame,
  { type, args, stackTrace }: Params,
): void {
  const message = (args as { value?: unknown; description?: string }[])
    .map(({ value, description }) => value ?? description)
    .join(' ');
  const at = stackTrace?.callFrames?.[0];
  const level = LEVELS.includes(type) ? (type as string) : 'info';
  const details = { message, level, lineNumber: at?.lineNumber ?? 0, sourceId: at?.url ?? '', frame };
  contents.emit('console-message', details, LEVELS.indexOf(level), message);
}
