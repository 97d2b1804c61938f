import type { Judgement, Module } from "./judgement.ts";
import type { RateMaps } from "./rate-map.ts";
import { MOST_CHANCE_GROUPS } from "./chance-groups.ts";

/** Fewer bins from field to field are few. */
const FEW_BINS = 4.5;

/** Standard deviations within a module that are larger than in rats: of the spacing, and of the orientation in degrees. */
const LARGE_SPREAD = { spacing: 0.06, orientation: 3 };

/** Gridness from which a lattice is expected to be hexagonal. */
const GRIDLIKE = 0.5;

/** Whether the visited bins have the pattern of a comb: far fewer neighbours along an axis than bins two apart. */
function isCombed({ values, bins }: Pick<RateMaps, "values" | "bins">): boolean {
  const visited = (row: number, column: number): boolean =>
    row < bins && column < bins && !Number.isNaN(values[row * bins + column]);
  return [
    [0, 1],
    [1, 0],
  ].some(([down, along]) => {
    let [next, second] = [0, 0];
    for (let row = 0; row < bins; row++) {
      for (let column = 0; column < bins; column++) {
        if (!visited(row, column)) continue;
        if (visited(row + down!, column + along!)) next += 1;
        if (visited(row + 2 * down!, column + 2 * along!)) second += 1;
      }
    }
    return next < second / 2;
  });
}

/** Why a module does not count. */
function uncounted({ class: name, periodicity, isolation, null: nothing, units }: Module): string {
  if (name === "stripe") return "stripes have no lattice";
  if (isolation !== null && isolation.value <= isolation.null)
    return `its lattice is not set apart from those of other units, which begin at ${isolation.value.toFixed(1)} times the spread within it; in a continuum that is up to ${isolation.null.toFixed(1)}`;
  if (nothing !== null && nothing.periodicity !== null && periodicity <= nothing.periodicity)
    return `its periodicity of ${periodicity.toFixed(2)} is not above that of its fields put anywhere, ${nothing.periodicity.toFixed(2)}`;
  const expected = nothing === null ? "" : nothing.groups.toPrecision(1);
  return `among so many units ${expected} groups of ${units.length} that are as periodic are to be expected by chance, more than ${MOST_CHANCE_GROUPS}`;
}

function aboutModule(module: Module, place: number, binWidth: number): string[] {
  const { class: name, spacing, spread, gridness, counts, reason } = module;
  const told = [];
  if (!counts) told.push(`module ${place} does not count: ${uncounted(module)}`);
  if (spacing[0] < FEW_BINS * binWidth)
    told.push(
      `module ${place} has only ${(spacing[0] / binWidth).toFixed(1)} bins from field to field: narrower bins would tell more`,
    );
  if (name !== "hexagonal" && gridness !== null && gridness >= GRIDLIKE)
    told.push(`module ${place} is called ${name}, but: ${reason}`);
  if (spread !== null && (spread.spacing > LARGE_SPREAD.spacing || spread.orientation > LARGE_SPREAD.orientation))
    told.push(
      `module ${place} may be more than one: its units' own lattices differ by ${(100 * spread.spacing).toFixed(1)} % in spacing and ${spread.orientation.toFixed(1)} degrees in orientation (standard deviations)`,
    );
  return told;
}

/**
 * What a reader of a judgement should know, one sentence each.
 * @param strayed how many units have stray bins
 */
export function warningsOf(maps: RateMaps, judgement: Omit<Judgement, "warnings">, strayed: number): string[] {
  const { units, active, modules, discreteness, dropped } = judgement;
  const binWidth = maps.box / maps.bins;
  const warnings: string[] = [];
  const fine = dropped.units.filter(({ reason }) => reason.startsWith("too fine")).length;
  if (active === 0) warnings.push("no unit is active");
  if (fine > 0)
    warnings.push(
      `${fine} of ${units} units have a pattern finer than about four bins a period; use bins half as wide`,
    );
  if (strayed > 0)
    warnings.push(
      `${strayed} of ${units} units have bins whose rate is far from that of all others; they were read as not visited`,
    );
  if (isCombed(maps))
    warnings.push("every other row or column of bins is hardly visited; use wider bins, or fill the gaps before");
  modules.forEach((module, place) => {
    warnings.push(...aboutModule(module, place, binWidth));
  });
  const lattices = modules.filter(({ angle }) => angle !== null).length;
  const continua = dropped.groups.filter(({ reason }) => reason.startsWith("a continuum")).length;
  if (discreteness !== null && (lattices > 1 || continua > 0) && discreteness.value <= discreteness.null)
    warnings.push(
      `the units' lattices are not discrete: gaps are ${discreteness.value.toFixed(1)} times the spread within groups, a continuum shows up to ${discreteness.null.toFixed(1)}`,
    );
  return warnings;
}
