import { type GradingRule, gradingRule } from '../api/grading.ts';
import fourPoint16 from './rules/four-point-16.json' with { type: 'json' };
import fourPoint20 from './rules/four-point-20.json' with { type: 'json' };
import fourPoint28 from './rules/four-point-28.json' with { type: 'json' };
import fourPoint50 from './rules/four-point-50.json' with { type: 'json' };
import fourPointMetric from './rules/four-point-metric.json' with { type: 'json' };
import fourPoint from './rules/four-point.json' with { type: 'json' };
import leatherUsable from './rules/leather-usable.json' with { type: 'json' };
import tenPointHoles from './rules/ten-point-holes.json' with { type: 'json' };
import tenPointMetric from './rules/ten-point-metric.json' with { type: 'json' };
import tenPoint from './rules/ten-point.json' with { type: 'json' };

/** The rules that Perch comes with (docs/grading.md). */
export const shippedRules: readonly GradingRule[] = [
  fourPoint,
  fourPointMetric,
  fourPoint16,
  fourPoint20,
  fourPoint28,
  fourPoint50,
  tenPoint,
  tenPointMetric,
  tenPointHoles,
  leatherUsable,
].map((rule) => gradingRule.parse(rule));
