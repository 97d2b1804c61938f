import { mapOf } from "../measure/rate-map.ts";
import { mostTuned } from "../measure/tuning.ts";
import type { Figure, FigureBase, MapKind, SmallMap } from "./claim.ts";
import type { TrainedModel, View } from "./study.ts";

/** The command that makes every figure of the page. */
const COMMAND = "npm run claims";

/** Most bins along a side of a rate map and of an autocorrelogram in a figure, so that the page stays small. */
const MOST_BINS: Record<MapKind, number> = { rates: 50, autocorrelogram: 66 };

/** Units of a module, or of a network without modules, that a figure shows. */
const SHOWN = 3;

/** The base of a figure of one model. */
export function figureOf(number: string, { name, config }: TrainedModel, what: string, caption: string): FigureBase {
  return { id: `${number}-${name}${what && `-${what}`}`, caption, model: name, seed: config.seed, command: COMMAND };
}

/** The base of a figure over several models. */
export function figureOver(number: string, models: readonly TrainedModel[], what: string, caption: string): FigureBase {
  const seed = models.length === 1 ? models[0]!.config.seed : null;
  return { id: `${number}-${what}`, caption, model: models.map(({ name }) => name).join(", "), seed, command: COMMAND };
}

/** A number to three decimals, which is enough for a figure; null for NaN. */
export const short = (x: number): number | null => (Number.isFinite(x) ? Math.round(1000 * x) / 1000 : null);

/** A place to three decimals. */
export const shortPoint = ([x, y]: readonly [number, number]): [number, number] => [short(x) ?? 0, short(y) ?? 0];

/** A square grid for a figure. Where it has too many values along a side, means over blocks of k x k values stand for them. */
export function smallMap(kind: MapKind, label: string, grid: Float64Array, most = MOST_BINS[kind]): SmallMap {
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
  return { kind, label, values, size };
}

/** Rate maps of some units of a view. */
function unitMaps(view: View, units: readonly number[]): SmallMap[] {
  return units.map((unit) => smallMap("rates", `unit ${unit}`, mapOf(view.analysis.smoothedMaps, unit)));
}

/**
 * A row for each module of a view: its mean autocorrelogram, then rate maps of its first units. Without modules, one row of the
 * most tuned units.
 * @param shown units of each module
 */
export function mapsFigure(base: FigureBase, view: View, shown = SHOWN): Figure {
  const { judgement, moduleCorrelograms } = view.analysis;
  const rows = judgement.modules.map((module, place) => ({
    label: `${module.units.length} units, ${module.class}`,
    maps: [
      smallMap("autocorrelogram", "mean autocorrelogram", moduleCorrelograms[place]!.values),
      ...unitMaps(view, module.units.slice(0, shown)),
    ],
  }));
  const tuned = {
    label: "There is no module. These are the most tuned units.",
    maps: unitMaps(view, mostTuned(view.analysis, shown + 1)),
  };
  const bins = Math.min(view.bins, MOST_BINS.rates);
  return { ...base, kind: "maps", bins, box: view.box, rows: rows.length > 0 ? rows : [tuned] };
}
