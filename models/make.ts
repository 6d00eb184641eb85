import { writeFileSync } from 'node:fs';
import { makeGabor } from './gabor.ts';

// Writes the models that are ours, beside this file: `node models/make.ts`.
writeFileSync(new URL('./gabor.onnx', import.meta.url), makeGabor());
