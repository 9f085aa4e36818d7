import type { Sample } from '../../answers.js';
import type { CurvePanel } from '../../page/report-data.js';
import { formatValue } from '../../page/units.js';
import { rounded } from '../asking.js';
import { knownPanel, queryOf } from '../known-panel.js';
import { figure, type MakeSection, panelsOf, withPanels } from '../section.js';

const TIER = 'kv_cache.tier';
const PREDICTED = knownPanel('lifecycle', 'Predicted hit ratio by capacity');
const ERROR = knownPanel('lifecycle', 'How far the prediction may be off');
/** As the description of its panel has it. */
const TRUSTED = 0.02;

type Curve = ReadonlyMap<number, number>;

export const capacity: MakeSection = async (asking) => {
  const curves = curvesOf(await asking.whole(queryOf(PREDICTED)));
  const errors = await asking.by(queryOf(ERROR), TIER);
  const gains = [...curves].flatMap(([tier, curve]) => {
    const [now, twice] = [curve.get(1), curve.get(2)];
    return now === undefined || twice === undefined ? [] : [{ tier, now, twice, gain: twice - now }];
  });
  const [best] = [...gains].sort((a, b) => b.gain - a.gain);
  const unsure = best !== undefined && (errors.get(best.tier) ?? 0) > TRUSTED;
  return {
    id: 'capacity',
    question: 'Would more capacity help?',
    verdict: {
      state: best === undefined ? 'unknown' : unsure ? 'fair' : 'plain',
      text: verdict(best, unsure),
    },
    figures: [
      ...gains.map(({ tier, gain }) =>
        figure(`more of ${tier} hit with twice the capacity`, gain, 'percentunit'),
      ),
      ...[...errors].sort().map(([tier, error]) => {
        const state = error > TRUSTED ? 'fair' : 'good';
        return figure(`error of the prediction for ${tier}, either way`, error, 'percentunit', state);
      }),
    ],
    ...withPanels([curvePanel(curves)], await panelsOf(asking, [knownPanel('lifecycle', 'Occupancy')])),
  };
};

function curvesOf(samples: readonly Sample[]): ReadonlyMap<string, Curve> {
  const curves = new Map<string, Map<number, number>>();
  for (const { labels, value } of samples) {
    const { kv_cache_tier: tier = '', kv_cache_capacity_scale: scale } = labels;
    const curve = curves.get(tier) ?? new Map<number, number>();
    curve.set(Number(scale), value);
    curves.set(tier, curve);
  }
  return new Map([...curves].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function curvePanel(curves: ReadonlyMap<string, Curve>): CurvePanel | undefined {
  const scales = [...new Set([...curves.values()].flatMap((curve) => [...curve.keys()]))]
    .filter((scale) => scale > 0)
    .sort((a, b) => a - b);
  if (scales.length === 0) return undefined;
  const { title, description, unit } = PREDICTED;
  return {
    kind: 'curve',
    id: 'curve',
    title,
    description,
    unit,
    scales,
    lines: [...curves].map(([name, curve]) => ({
      name,
      values: scales.map((scale) => {
        const value = curve.get(scale);
        return value === undefined ? null : rounded(value);
      }),
    })),
  };
}

interface Gain {
  readonly tier: string;
  readonly now: number;
  readonly twice: number;
}

function verdict(best: Gain | undefined, unsure: boolean): string {
  if (best === undefined) {
    return 'Not measured. The subscriber "reuse" predicts it, where capacities and accesses are known; it is off by default.';
  }
  const { tier, now, twice } = best;
  const share = (value: number) => formatValue(value, 'percentunit');
  const text =
    twice - now < 0.005
      ? `No tier would hit noticeably more with twice its capacity.`
      : `Twice the capacity of ${tier} would lift its hit ratio from ${share(now)} to ${share(twice)}, as an LRU.`;
  return unsure ? `${text} The sample is small: give it more blocks before you trust this.` : text;
}
