import { z } from 'zod';
import { decisionMessage } from '../../common/api/decision-message.ts';

/** The JSON schema of decision messages (`docs/decision-message.schema.json`). */
export function messageJsonSchema(): object {
  return {
    title: 'Perch decision message',
    description:
      'Sent for each piece of a station, and for each verdict of an operator. Later versions of Perch may add fields, which a ' +
      'receiver ignores; a change that a receiver would notice gets another version.',
    // Fields that a later version adds are not refused.
    ...z.toJSONSchema(decisionMessage, { io: 'input' }),
  };
}
