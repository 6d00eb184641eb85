import { app } from 'electron';
import { version } from '../../version.ts';

/** What the About window says: versions of Perch and of what it runs on. */
export function setAboutPanel(icon: string): void {
  const { electron, chrome, node } = process.versions;
  app.setAboutPanelOptions({
    applicationName: 'Perch',
    applicationVersion: version,
    version: `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    copyright: `MIT License. Electron ${electron}, Chromium ${chrome}, Node ${node}. Licenses of bundled software: Help > Licenses.`,
    iconPath: icon,
  });
}
