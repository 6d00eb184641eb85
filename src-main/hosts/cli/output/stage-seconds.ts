import type { StageSeconds } from '../../../engine/protocol/messages.ts';

/** "decode 0.02  extract 0.14  statistic 0.05  = 0.21 s" */
export function secondsByStage(seconds: StageSeconds): string {
  const stages = Object.entries(seconds).map(([stage, value]) => `${stage} ${value.toFixed(3)}`);
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  return `${stages.join('  ')}  = ${total.toFixed(3)} s`;
}
