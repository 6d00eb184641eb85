import { dinov2 } from './dinov2.ts';
import type { Architecture } from './network.ts';
import { vgg19 } from './vgg19.ts';
import { wideResnet50 } from './wide-resnet50.ts';

/**
 * What can be built from checkpoints. A new architecture needs a file and a line here; its published checkpoints have entries in
 * `models/registry.json`.
 */
export const architectures: readonly Architecture[] = [wideResnet50, vgg19, dinov2];
