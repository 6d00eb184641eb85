import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { application, versions } from './environment.ts';
import { record } from './record.ts';
import { endRenderers, startRenderers } from './renderers.ts';

// What Electron's `lib/browser/init.ts` and its default application do, in their order.

Object.defineProperty(process, 'versions', { value: { ...process.versions, ...versions } });
Object.assign(process, { type: 'browser', resourcesPath: application.resources });
if (application.packaged) process.execPath = application.executable;
else Object.assign(process, { defaultApp: true });
process.argv = [process.execPath, ...application.args];

// Electron shows a box and lives on without a window. Nothing good can follow, so here the process ends.
function fail(thrown: unknown): never {
  console.error('A JavaScript error occurred in the main process\n', thrown);
  process.exit(70);
}
process.on('uncaughtException', (thrown) => {
  // With a listener of the application's own, Electron leaves it to that one.
  if (process.listenerCount('uncaughtException') === 1) fail(thrown);
});

// Electron's handler posts one quit and puts the usual handler back: a second signal ends the process at once.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => app.quit());

await import(pathToFileURL(resolve(application.main)).href).catch(fail);
record.note('main loaded');
await startRenderers(app.getPath('sessionData'));
app.endRenderers = endRenderers;
app.beReady();
