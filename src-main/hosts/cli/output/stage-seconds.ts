import type { StageSeconds } from '../../../engine/protocol/data-types.ts';

/** "decode 0.020  extract 0.140  statistic 0.050  = 0.210 s" */
export function formatStageSeconds(seconds: StageSeconds): string {
  const stages = Object.entries(seconds).map(([stage, value]) => `${stage} ${value.toFixed(3)}`);
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  return `${stages.join('  ')}  = ${total.toFixed(3)} s`;
}
