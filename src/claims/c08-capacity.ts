import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { uniform, wholeBelow } from "../measure/random.ts";
import { centralRadius } from "../measure/autocorrelogram.ts";
import type { Agent } from "../measure/agent.ts";
import { mean, median, percentile } from "../statistics/statistics.ts";
import { walk } from "../measure/walk.ts";
import { trainedRange } from "../train/trained-range.ts";
import type { Cell, Outcome, Series } from "./claim.ts";
import type { Study, TrainedModel } from "./study.ts";
import { figureOver, short } from "./figures.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

/** How far out states are compared with that of the origin, in units of the range trained on. */
const FACTOR = 4;

/** Walks outwards, the steps of each, and how much they turn. They are nearly straight, so that few steps lead far. */
const WALKERS = 400;
const STEPS = 60;
const TURN = 0.1;

/** Width in metres of the rings over which states are averaged, near the origin and farther out. */
const NEAR = 0.1;
const FAR = 0.5;

/** A state far out is like the origin's if it is nearer to g(0) than this share of the plateau, or than agents that came back to the origin. */
const ALIAS = 0.5;

/** Largest share of such states, and least height of the lowest far average in units of the plateau. */
const LARGEST_ALIASES = 0.01;
const LEAST_HEIGHT = 0.8;

/** Fewest states of an average. */
const FEWEST = 10;

/** A place by its distance from the origin, and how far its state is from g(0). */
interface Place {
  x: number;
  d: number;
}

/** States of an agent that walks outwards in all directions. */
function outwards(agent: Agent, { config }: TrainedModel): Place[] {
  const box = FACTOR * trainedRange(config);
  const journey = agent.start(WALKERS);
  const initial = journey.states.slice(0, agent.units);
  const places: Place[] = [];
  const options = { seed: 8, walkers: WALKERS, steps: STEPS, box, vMax: config.velocityMax, turn: TURN };
  for (const { velocities, positions } of walk(options)) {
    const states = journey.step(velocities);
    for (let m = 0; m < WALKERS; m++) {
      places.push({ x: Math.hypot(positions[2 * m]!, positions[2 * m + 1]!), d: distance(states, m, initial) });
    }
  }
  journey.end();
  return places;
}

/**
 * The mean distance from g(0) of an agent that is back at the origin: half as many random steps as were trained on, and then
 * the way back by the same steps in another order.
 */
function returned(agent: Agent, { config }: TrainedModel): number {
  const generator = xoroshiro128plus(8);
  const half = Math.floor(config.timesteps / 2);
  const loops = Array.from({ length: WALKERS }, () => {
    const out = Array.from({ length: half }, (): [number, number] => {
      const speed = config.velocityMax * Math.sqrt(uniform(generator));
      const heading = 2 * Math.PI * uniform(generator);
      return [speed * Math.cos(heading), speed * Math.sin(heading)];
    });
    const back = out.map(([x, y]): [number, number] => [-x, -y]);
    for (let i = half - 1; i > 0; i--) {
      const j = wholeBelow(generator, i + 1);
      [back[i], back[j]] = [back[j]!, back[i]!];
    }
    return [...out, ...back];
  });
  const journey = agent.start(WALKERS);
  const initial = journey.states.slice(0, agent.units);
  for (let step = 0; step < 2 * half; step++) journey.step(Float32Array.from(loops.flatMap((loop) => loop[step]!)));
  const distances = Array.from({ length: WALKERS }, (_, m) => distance(journey.states, m, initial));
  journey.end();
  return mean(distances);
}

/** The distance of walker m's state from another one. */
function distance(states: Float32Array, m: number, other: Float32Array): number {
  let square = 0;
  for (let unit = 0; unit < other.length; unit++) square += (states[m * other.length + unit]! - other[unit]!) ** 2;
  return Math.sqrt(square);
}

/** Averages of d over rings around the origin. Rings with too few places are left out. */
function profile(
  places: readonly Place[],
  from: number,
  to: number,
  width: number,
): { x: number; mean: number; low: number }[] {
  const rings = Array.from({ length: Math.max(0, Math.floor((to - from) / width)) }, (_, i) => from + i * width);
  return rings.flatMap((start) => {
    const inside = places.filter(({ x }) => x >= start && x < start + width).map(({ d }) => d);
    if (inside.length < FEWEST) return [];
    return [{ x: start + width / 2, mean: mean(inside), low: percentile(inside, 0.01) }];
  });
}

/** How states differ from that of the origin. */
interface Reach {
  model: TrainedModel;
  /** Diameter of a field in metres: twice the median radius of the central peaks of the autocorrelograms. */
  field: number;
  plateau: number;
  /** Mean d of agents that are back at the origin, over the plateau. */
  near: number;
  /** Lowest average of a ring beyond a field, over the plateau. */
  lowest: number;
  /** Share of places beyond a field whose state is like the origin's. */
  aliases: number;
  places: Place[];
  met: boolean;
}

/** The reach of one model's code. The size of its fields is that of the training arena. */
function reachOf(study: Study, model: TrainedModel, agent: Agent): Reach {
  const view = agent === model.agent ? study.view(model) : study.untrained(model);
  const radius = median([...view.analysis.unitCorrelograms.values()].map(centralRadius));
  const field = (2 * (Number.isNaN(radius) ? 1 : radius) * view.box) / view.bins;
  const places = outwards(agent, model);
  const limit = (FACTOR * trainedRange(model.config)) / 2;
  const far = places.filter(({ x }) => x > field && x <= limit);
  const plateau = mean(far.map(({ d }) => d));
  const near = returned(agent, model) / plateau;
  const lowest = Math.min(...profile(places, field, limit, FAR).map(({ mean }) => mean)) / plateau;
  const level = Math.max(ALIAS, near) * plateau;
  const aliases = far.filter(({ d }) => d < level).length / far.length;
  const met = lowest >= LEAST_HEIGHT && aliases <= LARGEST_ALIASES;
  return { model, field, plateau, near, lowest, aliases, places, met };
}

const rowOf = (label: Cell, { field, plateau, near, lowest, aliases, met }: Reach): Cell[] => [
  label,
  field,
  plateau,
  near,
  lowest,
  aliases,
  met,
];

const COLUMNS = [
  "field (m)",
  "plateau of d",
  "back at the origin / plateau",
  "lowest ring / plateau",
  "places like the origin",
  "meets the rule",
];

/**
 * A state tells its place from the origin: d(g(0), g(x)) rises within a field and stays high far out.
 * @spec C8
 */
export function farApart(study: Study): Outcome {
  const seeds = study.baselines.map((model) => reachOf(study, model, model.agent));
  const nulls = study.first.map((model) => reachOf(study, model, model.untrained));
  const single = study.ablations.get("no-capacity");
  const met = seeds.filter((one) => one.met).length;
  const most = Math.max(0, ...seeds.map(({ aliases }) => aliases));
  const lowest = Math.min(Infinity, ...seeds.map((one) => one.lowest));
  return {
    verdict: verdictOver(met, seeds.length),
    reason:
      `${met} of ${seeds.length} seeds meet the rule. Over all seeds the lowest average of a ring is ${lowest.toFixed(2)} of the plateau, ` +
      `and at most ${(100 * most).toFixed(1)} % of the places beyond a field have a state like the origin's.`,
    rule:
      `States are compared with that of the origin on walks outwards, up to ${FACTOR} times the range trained on. A field is as wide as the central peak of the autocorrelogram, and the plateau is the mean of d beyond a field. ` +
      `A seed meets the rule if every average over a ring of ${FAR} m beyond a field is at least ${LEAST_HEIGHT} of the plateau, ` +
      `and if at most ${100 * LARGEST_ALIASES} % of the places there have a state like the origin's. Such a state is nearer to g(0) than ${ALIAS} of the plateau, or than agents are on average that have come back to the origin after as many steps as were trained on. ` +
      `The second part is ours. An average can stay high although the code repeats at single places, and a state that merely drifts with time is far from g(0) everywhere, at the origin, too. ${SHARES}`,
    deciding: [
      shareMet("Seeds", met, seeds.length),
      {
        what: "Lowest average of a ring, in units of the plateau, by seed",
        value: seeds.map((one) => one.lowest),
        limit: `at least ${LEAST_HEIGHT}`,
      },
      {
        what: "Share of places like the origin, by seed",
        value: seeds.map(({ aliases }) => aliases),
        limit: `at most ${LARGEST_ALIASES}`,
      },
    ],
    evidence: { columns: ["seed", ...COLUMNS], rows: seeds.map((one) => rowOf(one.model.config.seed, one)) },
    null: {
      columns: ["network", ...COLUMNS],
      rows: [
        ...nulls.map((one) => rowOf(`untrained, seed ${one.model.config.seed}`, one)),
        ...(single ? [rowOf("trained without capacity", reachOf(study, single, single.agent))] : []),
      ],
    },
    figures: [
      {
        ...figureOver(
          "C8",
          study.first,
          "distance",
          "Distance of g(x) from g(0) against |x|, as the mean over a ring and as the percentile below which 1 % of its places lie.",
        ),
        kind: "lines",
        xLabel: "|x| (m)",
        yLabel: "d(g(0), g(x))",
        marks: study.first
          .slice(0, 1)
          .map(({ config }) => ({ x: trainedRange(config) / 2, label: "range trained on" })),
        series: [
          ...seeds
            .filter(({ model }) => study.first.includes(model))
            .flatMap((one) => linesOf(`seed ${one.model.config.seed}`, one)),
          ...nulls.slice(0, 1).flatMap((one) => linesOf(`untrained, seed ${one.model.config.seed}`, one).slice(0, 1)),
        ],
      },
    ],
  };
}

/** The mean and the lowest percentile against distance, finer near the origin. */
function linesOf(label: string, { model, places }: Reach): Series[] {
  const limit = (FACTOR * trainedRange(model.config)) / 2;
  const rings = [...profile(places, 0, 2 * FAR, NEAR), ...profile(places, 2 * FAR, limit, FAR)];
  return [
    { label, points: rings.map(({ x, mean }) => [short(x) ?? 0, short(mean) ?? 0]) },
    { label: `${label}, lowest 1 %`, points: rings.map(({ x, low }) => [short(x) ?? 0, short(low) ?? 0]) },
  ];
}
