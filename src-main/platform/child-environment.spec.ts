import { describe, expect, it } from 'vitest';
import { childEnvironment, electronEnvironment } from './child-environment.ts';

describe('the environment of a child process', () => {
  it('has no variable that changes which code plain Node runs', () => {
    const parent = {
      HOME: '/home/ada',
      NODE_OPTIONS: '--require /nowhere.js',
      NODE_PATH: '/elsewhere',
      NODE_EXTRA_CA_CERTS: '/certs.pem',
      ELECTRON_RUN_AS_NODE: '1',
      node_options: '--inspect',
      PERCH_HOME: '/data',
    };
    expect(childEnvironment(parent)).toEqual({ HOME: '/home/ada', PERCH_HOME: '/data' });
  });

  it('has no variables of the AppImage, and all variables of the user', () => {
    const parent = {
      APPDIR: '/tmp/.mount_PerchX',
      APPIMAGE: '/home/ada/Perch.AppImage',
      ARGV0: 'Perch.AppImage',
      OWD: '/home/ada',
      LD_LIBRARY_PATH: '/tmp/.mount_PerchX/usr/lib:',
      PATH: '/tmp/.mount_PerchX:/tmp/.mount_PerchX/usr/sbin:/usr/bin',
      XDG_DATA_DIRS: '/tmp/.mount_PerchX/usr/share/:/usr/share',
      OTHER: '/tmp/.mount_PerchXY/a:/b',
    };
    expect(childEnvironment(parent)).toEqual({
      PATH: '/usr/bin',
      XDG_DATA_DIRS: '/usr/share',
      OTHER: '/tmp/.mount_PerchXY/a:/b',
    });
    expect(childEnvironment({ LD_LIBRARY_PATH: '/opt/cuda/lib64' })).toEqual({
      LD_LIBRARY_PATH: '/opt/cuda/lib64',
    });
  });

  it('keeps the user’s Electron settings, but never makes Electron run as Node', () => {
    const parent = {
      ELECTRON_RUN_AS_NODE: '1',
      ELECTRON_OZONE_PLATFORM_HINT: 'wayland',
      NODE_OPTIONS: '-r x',
    };
    expect(electronEnvironment(parent)).toEqual({ ELECTRON_OZONE_PLATFORM_HINT: 'wayland' });
  });
});
