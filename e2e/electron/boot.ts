import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { application, versions } from './environment.ts';
import { record } from './record.ts';
import { endRenderers, startRenderers } from './renderers.ts';

// The steps of Electron's `lib/browser/init.ts` and default application, in order.

Object.defineProperty(process, 'versions', { value: { ...process.versions, ...versions } });
Object.assign(process, { type: 'browser', resourcesPath: application.resources });
if (application.packaged) process.execPath = application.executable;
else Object.assign(process, { defaultApp: true });
process.argv = [process.execPath, ...application.args];

// Electron shows an error box and continues without a window; the stand-in exits.
function fail(thrown: unknown): never {
  console.error('A JavaScript error occurred in the main process\n', thrown);
  process.exit(70);
}
process.on('uncaughtException', (thrown) => {
  // Electron leaves the error to a listener of the application.
  if (process.listenerCount('uncaughtException') === 1) fail(thrown);
});

// Electron's handler quits once and restores the default, so that a second signal ends the process
// immediately.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => app.quit());

await import(pathToFileURL(resolve(application.main)).href).catch(fail);
record.note('main loaded');
await startRenderers(app.getPath('sessionData'));
app.endRenderers = endRenderers;
app.beReady();
