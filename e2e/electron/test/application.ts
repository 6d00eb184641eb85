import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { provideChromium } from '../../harness/chromium.ts';
import { findRuntime } from '../../harness/desktop.ts';

/** Prefix of a test application's output, which separates it from Chromium's. */
const MARK = 'SAYS ';

/** Start of every test application: `say(...)`, and pages of the scheme `test` by path. */
const PRELUDE = `
import { app, BrowserWindow, ipcMain, Menu, MessageChannelMain, protocol, webContents } from 'electron';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
const say = (...words) => writeSync(1, '${MARK}' + words.join(' ') + '\\n');
const pages = {};
protocol.registerSchemesAsPrivileged([
  { scheme: 'test', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
const open = async (html, options = {}) => {
  if (!protocol.isProtocolHandled('test'))
    protocol.handle('test', (request) =>
      new Response(pages[new URL(request.url).pathname], { headers: { 'content-type': 'text/html' } }));
  const path = '/' + (Object.keys(pages).length + 1);
  pages[path] = '<!doctype html><title>page</title><body>' + html;
  const window = new BrowserWindow({
    show: true,
    ...options,
    webPreferences: { preload: join(import.meta.dirname, 'preload.cjs'), sandbox: true, contextIsolation: true },
  });
  const name = 'window ' + window.id;
  window.on('close', () => say(name, 'close'));
  window.on('closed', () => say(name, 'closed'));
  window.webContents.on('will-prevent-unload', () => say(name, 'will-prevent-unload'));
  await window.loadURL('test://page' + path);
  return window;
};
for (const name of ['before-quit', 'will-quit', 'window-all-closed'])
  name === 'window-all-closed' || app.on(name, () => say(name));
app.on('quit', (_event, code) => say('quit', code));
const staying = '<script>addEventListener("beforeunload", (event) => event.preventDefault())</script>';
`;

/** A running test application and its output. */
export class Application {
  readonly process: ChildProcess;
  readonly said: string[] = [];
  /** Other output. */
  output = '';
  readonly #closed: Promise<unknown[]>;
  readonly #folder: string;

  /**
   * @param source main file after `PRELUDE`
   * @param options `folder`: user data shared with another start
   */
  constructor(
    source: string,
    { preload = '', args = [], folder, env = {}, prelude = PRELUDE }: ApplicationOptions = {},
  ) {
    this.#folder = folder ?? mkdtempSync(join(tmpdir(), 'stand-in-test-'));
    writeFileSync(join(this.#folder, 'main.mjs'), prelude + source);
    writeFileSync(join(this.#folder, 'preload.cjs'), preload);
    const flags = ['--no-sandbox', `--user-data-dir=${this.#folder}`];
    this.process = spawn(findRuntime().executablePath, [...flags, join(this.#folder, 'main.mjs'), ...args], {
      env: { ...process.env, PERCH_CHROMIUM: provideChromium(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          if (line.startsWith(MARK)) this.said.push(line.slice(MARK.length));
          else this.output += `${line}\n`;
        });
    this.#closed = once(this.process, 'close');
  }

  /** Waits for a line of output. */
  async says(words: string): Promise<void> {
    const before = Date.now();
    while (!this.said.includes(words)) {
      if (this.process.exitCode !== null || Date.now() - before > 60_000)
        throw new Error(
          `The application did not say "${words}": ${JSON.stringify(this.said)}\n${this.output}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for the end. @returns the exit code or signal */
  async ended(): Promise<unknown> {
    const [code, signal] = await this.#closed;
    return code ?? signal;
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.#closed;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface ApplicationOptions {
  preload?: string;
  args?: string[];
  folder?: string;
  env?: NodeJS.ProcessEnv;
  prelude?: string;
}

/** Runs a test application. @returns its output, followed by the exit code */
export async function run(source: string, options?: ApplicationOptions): Promise<string[]> {
  const application = new Application(source, options);
  const code = await application.ended();
  await application.stop();
  return [...application.said, `exit ${String(code)}`];
}
