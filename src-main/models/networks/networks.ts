import type { Network } from './network.ts';
import { vgg19 } from './vgg19.ts';
import { wideResnet50 } from './wide-resnet50.ts';

/** The networks that can be built from checkpoints. A new network needs a file, a line here and an entry in `models/registry.json`. */
export const networks: readonly Network[] = [wideResnet50, vgg19];
