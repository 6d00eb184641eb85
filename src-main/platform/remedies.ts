import { isPackaged } from './installation.js';

/** How a user repairs a missing or broken part of Perch. */
interface Remedy {
  /** In a checkout, with npm and the sources. */
  checkout: string;
  /** In the packaged application, without either. */
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
      'The packaged application does not include it. On Linux with an NVIDIA driver, run Perch from its sources.',
  },
  cudaKernels: {
    checkout: 'With an NVIDIA driver and nvcc 13, run `npm run build:native:cuda`.',
    packaged:
      'The packaged application does not include it. With an NVIDIA driver, run Perch from its sources.',
  },
  screens: { checkout: 'Run `npm run build` in the Perch folder.', packaged: 'Install Perch again.' },
} satisfies Record<string, Remedy>;

/** How to repair a part in this kind of installation, in one or two sentences. */
export function remedyFor(part: keyof typeof remedies, packaged: boolean = isPackaged): string {
  return remedies[part][packaged ? 'packaged' : 'checkout'];
}
