import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { uniform, wholeBelow } from "../measure/random.ts";
import { centralRadius } from "../measure/autocorrelogram.ts";
import type { Agent } from "../measure/agent.ts";
import { mean, median, percentile } from "../measure/statistics.ts";
import { walk } from "../measure/walk.ts";
import { trainedRange } from "../train/trained-range.ts";
import type { Cell, Finding, Series } from "./claim.ts";
import type { Study, TrainedModel } from "./study.ts";
import { figureOver, short } from "./figures.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** How far out the code is looked at, in units of the range trained on. */
const FACTOR = 4;

/** Walks outwards: how many, how many steps each, and how much they turn; nearly straight, so that few steps lead far. */
const WALKERS = 400;
const STEPS = 60;
const TURN = 0.1;

/** Distances in metres over which states are averaged: near the origin and farther out. */
const NEAR = 0.1;
const FAR = 0.5;

/** A state far out counts as like the origin's if it is nearer to g(0) than this share of the plateau, or than agents that came back. */
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
  const total = Array.from({ length: WALKERS }, (_, m) => distance(journey.states, m, initial));
  journey.end();
  return total.reduce((sum, d) => sum + d, 0) / WALKERS;
}

/** The distance of walker m's state from another one. */
function distance(states: Float32Array, m: number, other: Float32Array): number {
  let square = 0;
  for (let unit = 0; unit < other.length; unit++) square += (states[m * other.length + unit]! - other[unit]!) ** 2;
  return Math.sqrt(square);
}

/** Averages of d over rings of distances; rings with too few places are left out. */
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

/** What the code does with distance. */
interface Reach {
  member: TrainedModel;
  /** Diameter of a field: twice the median radius of autocorrelograms' central peaks, metres. */
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

/** The reach of one member's code, by its fields at home. */
function reachOf(study: Study, member: TrainedModel, agent: Agent): Reach {
  const view = agent === member.agent ? study.view(member) : study.untrained(member);
  const radius = median([...view.analysis.unitCorrelograms.values()].map(centralRadius));
  const field = (2 * (Number.isNaN(radius) ? 1 : radius) * view.box) / view.bins;
  const places = outwards(agent, member);
  const limit = (FACTOR * trainedRange(member.config)) / 2;
  const far = places.filter(({ x }) => x > field && x <= limit);
  const plateau = mean(far.map(({ d }) => d));
  const near = returned(agent, member) / plateau;
  const lowest = Math.min(...profile(places, field, limit, FAR).map(({ mean }) => mean)) / plateau;
  const level = Math.max(ALIAS, near) * plateau;
  const aliases = far.filter(({ d }) => d < level).length / far.length;
  const met = lowest >= LEAST_HEIGHT && aliases <= LARGEST_ALIASES;
  return { member, field, plateau, near, lowest, aliases, places, met };
}

const rowOf = (label: Cell, { field, plateau, near, lowest, aliases, met }: Reach): Cell[] => [
  label,
  field,
  plateau,
  near,
  lowest,
  aliases,
  met ? "yes" : "no",
];

const COLUMNS = [
  "field (m)",
  "plateau of d",
  "back at the origin / plateau",
  "lowest ring / plateau",
  "places like the origin",
  "met",
];

/**
 * C8. A state tells its place from the origin's: d(g(0), g(x)) rises within a field and stays high far out.
 * @spec C8
 */
export function farApart(study: Study): Finding {
  const seeds = study.baselines.map((member) => reachOf(study, member, member.agent));
  const nulls = study.few.map((member) => reachOf(study, member, member.untrained));
  const single = study.ablations.get("no-capacity");
  const met = seeds.filter((one) => one.met).length;
  const most = seeds.reduce((worst, { aliases }) => Math.max(worst, aliases), 0);
  const lowest = seeds.reduce((least, one) => Math.min(least, one.lowest), Infinity);
  return {
    number: "C8",
    title: "Capacity: states far out differ from the one at the origin",
    statement:
      "The distance of g(x) from g(0) is small only within the size of a field around the origin, and stays high at all distances beyond, far outside the range trained on.",
    source: "experiments, the distance of states against displacement",
    verdict: verdictOver(met, seeds.length),
    reason: `${met} of ${seeds.length} seeds; over all seeds the lowest average of a ring is ${lowest.toFixed(2)} of the plateau, and at most ${(100 * most).toFixed(1)} % of the places beyond a field have a state like the origin's.`,
    threshold: `A seed counts if on walks outwards, up to ${FACTOR} times the range trained on, every average over a ring of ${FAR} m beyond a field is at least ${LEAST_HEIGHT} of the plateau (the mean of d beyond a field), and at most ${100 * LARGEST_ALIASES} % of the places there have a state like the origin's: nearer to g(0) than half of the plateau, or than agents that have come back to the origin after as many steps as were trained on are on average. An average can stay high while the code repeats at single places, and a state that only drifts away with time is far everywhere, at the origin, too. A field is as wide as the central peak of the autocorrelogram. ${SHARES}`,
    evidence: { columns: ["seed", ...COLUMNS], rows: seeds.map((one) => rowOf(one.member.config.seed, one)) },
    null: {
      columns: ["network", ...COLUMNS],
      rows: [
        ...nulls.map((one) => rowOf(`untrained, seed ${one.member.config.seed}`, one)),
        ...(single ? [rowOf("trained without capacity", reachOf(study, single, single.agent))] : []),
      ],
    },
    figures: [
      {
        ...figureOver(
          "C8",
          study.few,
          "distance",
          "Distance of g(x) from g(0) against |x|: means, and below them the lowest 1 %.",
        ),
        kind: "lines",
        xLabel: "|x| (m)",
        yLabel: "d(g(0), g(x))",
        marks: study.few.slice(0, 1).map(({ config }) => ({ x: trainedRange(config) / 2, label: "range trained on" })),
        series: [
          ...seeds
            .filter(({ member }) => study.few.includes(member))
            .flatMap((one) => linesOf(`seed ${one.member.config.seed}`, one)),
          ...nulls.slice(0, 1).flatMap((one) => linesOf(`untrained, seed ${one.member.config.seed}`, one).slice(0, 1)),
        ],
      },
    ],
  };
}

/** The mean and the lowest percentile against distance, finer near the origin. */
function linesOf(label: string, { member, places }: Reach): Series[] {
  const limit = (FACTOR * trainedRange(member.config)) / 2;
  const rings = [...profile(places, 0, 2 * FAR, NEAR), ...profile(places, 2 * FAR, limit, FAR)];
  return [
    { label, points: rings.map(({ x, mean }) => [short(x) ?? 0, short(mean) ?? 0]) },
    { label: `${label}, lowest 1 %`, points: rings.map(({ x, low }) => [short(x) ?? 0, short(low) ?? 0]) },
  ];
}
