import { isPackaged } from './installation.js';

/** What a person does about a part of Perch that is missing or broken. */
interface Remedy {
  /** In a checkout, where npm and the sources are at hand. */
  checkout: string;
  /** In the packaged application, which has neither. */
  packaged: string;
}

const remedies = {
  engine: { checkout: 'Run `npm ci` in the Perch folder.', packaged: 'Install Perch again.' },
  node: { checkout: 'Run `npm ci` in the Perch folder on this machine.', packaged: 'Install Perch again.' },
  nativeModule: {
    checkout: 'Install CMake and a C++20 compiler and run `npm run build:native`.',
    packaged: 'Install Perch again, in the version for this system and CPU.',
  },
  cudaProvider: {
    checkout: 'On Linux with an NVIDIA driver, CUDA 12 and cuDNN 9, run `npm run install:cuda`.',
    packaged:
      'The packaged Perch comes without it. On Linux with an NVIDIA driver, run Perch from its sources.',
  },
  screens: { checkout: 'Run `npm run build` in the Perch folder.', packaged: 'Install Perch again.' },
} satisfies Record<string, Remedy>;

/** What to do where a part is missing or broken, in one sentence or two, for this kind of installation. */
export function remedyFor(part: keyof typeof remedies, packaged: boolean = isPackaged): string {
  return remedies[part][packaged ? 'packaged' : 'checkout'];
}
