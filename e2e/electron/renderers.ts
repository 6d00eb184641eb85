import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Params } from './cdp.ts';
import { startChromium, type Chromium } from './chromium.ts';
import { serveSchemes } from './protocol.ts';

/** Listener for a page's events. */
type Listener = (method: string, params: Params) => void;

/** Time after which Chromium is killed. */
const END_TIMEOUT_MS = 5000;

let ending = false;
let chromium: Chromium | undefined;
const sessions = new Map<string, Listener>();
const targets = new Map<string, () => void>();
const browserListeners: Listener[] = [];

/** Starts Chromium with its profile in `sessionData`. */
export async function startRenderers(sessionData: string): Promise<void> {
  const profile = join(sessionData, 'stand-in-profile');
  mkdirSync(profile, { recursive: true });
  chromium = await startChromium(profile, await serveSchemes());
  const { devtools } = chromium;
  devtools.on('event', (session: string | undefined, method: string, params: Params) => {
    if (session !== undefined) sessions.get(session)?.(method, params);
    else if (method === 'Target.targetDestroyed') targets.get(params.targetId)?.();
    else for (const listener of browserListeners) listener(method, params);
  });
  devtools.on('closed', () => {
    if (ending) return;
    console.error('[stand-in] Chromium ended unexpectedly.');
    process.exit(71);
  });
  await devtools.send('Target.setDiscoverTargets', { discover: true });
}

/** Closes Chromium, which saves its profile, and waits for its end. */
export async function endRenderers(): Promise<void> {
  if (chromium === undefined) return;
  ending = true;
  const ended = once(chromium.process, 'exit');
  await chromium.devtools.send('Browser.close').catch(() => {});
  await Promise.race([ended, setTimeout(END_TIMEOUT_MS)]);
}

/** Sends a command to the browser. */
export async function commandBrowser(method: string, params: object = {}): Promise<Params> {
  if (chromium === undefined) throw new Error(`${method}: app is not ready.`);
  return await chromium.devtools.send(method, params);
}

export function onBrowserEvent(listener: Listener): void {
  browserListeners.push(listener);
}

/** A page of Chromium and its session. */
export class Target {
  readonly id: string;
  readonly #session: string;

  /** Opens an empty page in a separate window. */
  static async open(size: { width: number; height: number }, gone: () => void): Promise<Target> {
    const { targetId } = await commandBrowser('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      ...size,
    });
    targets.set(targetId, gone);
    const { sessionId } = await commandBrowser('Target.attachToTarget', { targetId, flatten: true });
    return new Target(targetId, sessionId);
  }

  private constructor(id: string, session: string) {
    this.id = id;
    this.#session = session;
  }

  listen(listener: Listener): void {
    sessions.set(this.#session, listener);
  }

  async command(method: string, params: object = {}): Promise<Params> {
    if (chromium === undefined) throw new Error(`${method}: app is not ready.`);
    return await chromium.devtools.send(method, params, this.#session);
  }

  forget(): void {
    sessions.delete(this.#session);
    targets.delete(this.id);
  }
}
