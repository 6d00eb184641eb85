import { createHash } from 'node:crypto';
import { canonicalJson } from '../../common/canonical-json.ts';
import type { RequiredModel } from './requirement.ts';
import type { Task } from './task.ts';

/** SHA-256 of what an answer depends on, besides the version of Perch: the same for a task that another host offers. */
export function answerKeyOf({ host: _, ...content }: Task, model: RequiredModel | null): string {
  return createHash('sha256')
    .update(canonicalJson({ ...content, model: model?.sha256 }))
    .digest('hex');
}
