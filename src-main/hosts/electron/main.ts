import { join } from 'node:path';
import { app, crashReporter, dialog, protocol } from 'electron';
import { z } from 'zod';
import { reportOf } from '../../common/api/errors.ts';
import { logUnexpectedErrorsTo } from '../http-errors.ts';
import { announce } from './launch/announce-ready.ts';
import { Desktop } from './desktop.ts';
import { configureHardwareAcceleration } from './application/hardware-acceleration.ts';
import { openLog } from './application/log.ts';
import { parseOpenedPaths } from './application/opened-paths.ts';
import { Preferences } from './application/preferences.ts';
import { setProfileFolder } from './application/profile-folder.ts';
import { appScheme } from './security/policy.ts';
import { SecurityRestrictions } from './security/security-restrictions.ts';

// The entry of the desktop application, built to `dist/electron/main.js`. The code below runs before Electron is ready.
announce('starting');
app.setName('Perch');
// Identifies shortcuts and task bar items on Windows; must equal `appId` in electron-builder.yml.
app.setAppUserModelId('app.perch.workstation');
setProfileFolder(app);
const log = openLog(app.getPath('logs'));
logUnexpectedErrorsTo({ place: `the log, ${log.file}`, write: (thrown) => log.host.error(thrown) });
crashReporter.start({ uploadToServer: false });
const preferences = new Preferences(join(app.getPath('userData'), 'preferences.json'));
const graphics = configureHardwareAcceleration(app, preferences);
const security = new SecurityRestrictions(app);
security.beforeReady();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

const script = app.isPackaged ? {} : { script: import.meta.filename };
const paths = parseOpenedPaths({ argv: process.argv, folder: process.cwd(), ...script });

const secondStart = z.object({ paths: z.array(z.string()) });

if (app.requestSingleInstanceLock({ paths } satisfies z.infer<typeof secondStart>)) {
  const desktop = new Desktop({ root: join(import.meta.dirname, '../..'), log, preferences, security });
  desktop.open(paths);
  // The data comes from `requestSingleInstanceLock` of the other process; an older version may send none.
  app.on('second-instance', (_event, _argv, _folder, data) =>
    desktop.open(secondStart.safeParse(data).data?.paths ?? []),
  );
  app.on('open-file', (event, path) => {
    event.preventDefault();
    desktop.open([path]);
  });
  if (graphics === 'after crashes')
    log.host.warn('Hardware acceleration is off after repeated crashes of the GPU process.');
  app
    .whenReady()
    .then(() => desktop.start())
    .catch(fail);
} else {
  announce('ready');
  app.quit();
}

function fail(thrown: unknown): void {
  log.host.error('Perch could not start:', thrown);
  announce('ready');
  dialog.showErrorBox('Perch could not start', `${reportOf(thrown).message}\n\nLog: ${log.file}`);
  app.exit(1);
}
