import { mapOf } from "../measure/rate-map.ts";
import { mostTuned } from "../measure/tuning.ts";
import type { Figure, FigureBase, SmallMap } from "./claim.ts";
import type { TrainedModel, View } from "./study.ts";

/** What makes every figure of the page. */
export const COMMAND = "npm run claims";

/** Most bins along a side of a map and of an autocorrelogram in a figure: enough to see, small enough for one page. */
const MAP_BINS = 50;
const CORRELOGRAM_LAGS = 66;

/** Units of a module, or of a network without modules, that a figure shows. */
const SHOWN = 3;

/** The base of a member's figure. */
export function figureOf(number: string, { name, config }: TrainedModel, what: string, caption: string): FigureBase {
  return { id: `${number}-${name}${what && `-${what}`}`, caption, model: name, seed: config.seed, command: COMMAND };
}

/** The base of a figure over several members. */
export function figureOver(
  number: string,
  members: readonly TrainedModel[],
  what: string,
  caption: string,
): FigureBase {
  const seed = members.length === 1 ? members[0]!.config.seed : null;
  return {
    id: `${number}-${what}`,
    caption,
    model: members.map(({ name }) => name).join(", "),
    seed,
    command: COMMAND,
  };
}

/** A number to three decimals; null for NaN. */
export const short = (x: number): number | null => (Number.isFinite(x) ? Math.round(1000 * x) / 1000 : null);

/** A square grid for a figure: means over blocks of k x k values where it has more than `most` along a side. */
export function smallMap(label: string, grid: Float64Array, most: number): SmallMap {
  const full = Math.sqrt(grid.length);
  const block = Math.ceil(full / most);
  const size = Math.floor(full / block);
  const values = Array.from({ length: size * size }, (_, i) => {
    let [sum, count] = [0, 0];
    for (let y = 0; y < block; y++) {
      for (let x = 0; x < block; x++) {
        const value = grid[(Math.floor(i / size) * block + y) * full + (i % size) * block + x]!;
        if (Number.isNaN(value)) continue;
        sum += value;
        count += 1;
      }
    }
    return short(sum / count);
  });
  return { label, values, size };
}

/** Rate maps of some units of a view. */
export function unitMaps(view: View, units: readonly number[]): SmallMap[] {
  return units.map((unit) => smallMap(`unit ${unit}`, mapOf(view.analysis.smoothedMaps, unit), MAP_BINS));
}

/** Rows of a view by module: the mean autocorrelogram, then rate maps of its first units; without modules the most tuned units. */
export function mapsFigure(base: FigureBase, view: View): Figure {
  const { modules } = view.analysis.judgement;
  const rows = modules.map((module, place) => ({
    label: `${module.units.length} units, ${module.class}`,
    maps: [
      smallMap("autocorrelogram", view.analysis.moduleCorrelograms[place]!.values, CORRELOGRAM_LAGS),
      ...unitMaps(view, module.units.slice(0, SHOWN)),
    ],
  }));
  const tuned = { label: "no module: the most tuned units", maps: unitMaps(view, mostTuned(view.analysis, SHOWN + 1)) };
  return {
    ...base,
    kind: "maps",
    bins: Math.min(view.bins, MAP_BINS),
    box: view.box,
    rows: rows.length > 0 ? rows : [tuned],
  };
}
