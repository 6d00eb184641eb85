import { createHash } from 'node:crypto';
import { canonicalJson } from '../../common/canonical-json.ts';
import type { RequiredModel } from './requirement.ts';
import type { Task } from './task.ts';

/** SHA-256 of everything but the version of Perch that determines an answer. Tasks of two hosts can have the same. */
export function answerKeyOf({ host: _, ...content }: Task, model: RequiredModel | null): string {
  return createHash('sha256')
    .update(canonicalJson({ ...content, model: model?.sha256 }))
    .digest('hex');
}
