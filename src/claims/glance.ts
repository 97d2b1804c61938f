import { Decoder } from "../measure/decode.ts";
import { emergence } from "../measure/emergence.ts";
import type { Lattice } from "../measure/lattice.ts";
import { reciprocal } from "../measure/phase.ts";
import { meanSpacing } from "../measure/relation.ts";
import { walk } from "../measure/walk.ts";
import type { Figure, Series } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { figureOf, mapsFigure, shortPoint } from "./figures.ts";
import { cloudFigure, populationOf, STATES } from "./module-states.ts";
import { distinctModules, type LatticeModule } from "./modules.ts";

/** One network as the page shows it first. */
export interface Glance {
  model: string;
  seed: number;
  /** What is shown, in a sentence or two. */
  text: string;
  figures: Figure[];
}

/** Units of each module whose rate maps are shown. */
const UNITS = 8;

/** Steps of the path that is decoded, and how far from the true place a decoded one may be, in metres. */
const STEPS = 60;
const RADIUS = 0.5;

/** One of the first networks at a glance: of those with the most grid modules (M14), the first. Undefined without networks. */
export function glance(study: Study): Glance | undefined {
  const all = study.first.map((model) => {
    const view = study.view(model);
    return { model, modules: distinctModules(view), gridModules: emergence(view.analysis.judgement).gridModules };
  });
  const most = Math.max(...all.map(({ gridModules }) => gridModules));
  const chosen = all.find(({ gridModules }) => gridModules === most);
  if (chosen === undefined) return undefined;
  const { model, modules } = chosen;
  const view = study.view(model);
  const { units, active } = view.analysis.judgement;
  const groups = modules.map(
    ({ module, lattice }) => `${module.units.length} units with a period of ${meanSpacing(lattice).toFixed(2)} m`,
  );
  const maps = "The mean autocorrelogram of each module, and the rate maps of some of its units.";
  return {
    model: model.name,
    seed: model.config.seed,
    text:
      `This is ${model.name}. Of the first ${study.first.length} seeds it is the first one with ${most} grid ${most === 1 ? "module" : "modules"}, and none of them has more. ` +
      `Of its ${units} units ${active} are active. ${modules.length === 0 ? "It has no module with a lattice" : `It has ${groups.join(", and ")}`}.`,
    figures: [
      mapsFigure(figureOf("glance", model, "maps", maps), view, UNITS),
      ...(modules.length === 0 ? [] : [latticesFigure(model, view, modules), statesFigure(model, view, modules[0]!)]),
      pathFigure(model, view),
    ],
  };
}

/** The points of a lattice within a square box around one of them. */
function latticePoints({ a, b }: Lattice, box: number): [number, number][] {
  const reach = Math.ceil(box / Math.min(Math.hypot(...a), Math.hypot(...b)));
  const range = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return range.flatMap((m) =>
    range
      .map((n): [number, number] => shortPoint([m * a[0] + n * b[0], m * a[1] + n * b[1]]))
      .filter((point) => point.every((x) => Math.abs(x) <= box / 2)),
  );
}

function latticesFigure(model: TrainedModel, { box }: View, modules: readonly LatticeModule[]): Figure {
  const caption = "The lattices of its modules drawn over each other, all with a point in the middle of the box.";
  return {
    ...figureOf("glance", model, "lattices", caption),
    kind: "scatter",
    xLabel: "x (m)",
    yLabel: "y (m)",
    square: true,
    series: modules.map(({ lattice }, place) => ({
      label: `module ${place + 1}, ${meanSpacing(lattice).toFixed(2)} m`,
      points: latticePoints(lattice, box),
    })),
  };
}

function statesFigure(model: TrainedModel, view: View, { module: { units }, lattice }: LatticeModule): Figure {
  const caption =
    "The states of its largest module along three principal components, coloured by the place across the lattice. A torus closes in two directions (C5).";
  const population = populationOf(view.samples, units, STATES);
  return cloudFigure(figureOf("glance", model, "states", caption), population, reciprocal(lattice)[0]);
}

/** One walk, and where the network's state says that it is. */
function pathFigure(model: TrainedModel, view: View): Figure {
  const decoder = new Decoder(view.analysis.smoothedMaps, RADIUS);
  const journey = model.agent.start(1);
  const path: Series = { label: "true", points: [[0, 0]] };
  const decoded: Series = { label: "decoded", points: [] };
  const options = { seed: 9, walkers: 1, steps: STEPS, box: view.box, vMax: model.config.velocityMax };
  for (const { velocities, positions } of walk(options)) {
    const [x, y] = [positions[0]!, positions[1]!];
    const place = decoder.place(journey.step(velocities), x, y);
    path.points.push(shortPoint([x, y]));
    if (place) decoded.points.push(shortPoint(place));
  }
  journey.end();
  const caption = `A walk of ${STEPS} steps, and the path decoded from the state within ${RADIUS} m of the true place (C9).`;
  return {
    ...figureOf("glance", model, "path", caption),
    kind: "lines",
    xLabel: "x (m)",
    yLabel: "y (m)",
    square: true,
    series: [path, decoded],
  };
}
