import { app } from 'electron';
import { version } from '../../../platform/version.ts';

/** Fills the About panel with the versions of Perch and its runtime. */
export function setAboutPanel(icon: string): void {
  const { electron, chrome, node } = process.versions;
  app.setAboutPanelOptions({
    applicationName: 'Perch',
    applicationVersion: version,
    version: `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    copyright: `MIT License. Electron ${electron}, Chromium ${chrome}, Node ${node}. Licenses of bundled software: Help > Third-Party Licenses.`,
    iconPath: icon,
  });
}
