import type { Network } from './network.ts';
import { vgg19 } from './vgg19.ts';
import { wideResnet50 } from './wide-resnet50.ts';

/** The networks that checkpoints can be turned into; a new one is one file, one line here and one in the registry. */
export const networks: readonly Network[] = [wideResnet50, vgg19];
