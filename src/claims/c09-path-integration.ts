import type { Agent } from "../measure/agent.ts";
import { Decoder } from "../measure/decode.ts";
import { walk } from "../measure/walk.ts";
import type { Cell, Outcome, Series, Table } from "./claim.ts";
import { LEAK, type Study, type TrainedModel, type View } from "./study.ts";
import { figureOver, short } from "./figures.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";
import { mean } from "../statistics/statistics.ts";

/** Walks whose states are decoded, and the steps after which they are. */
const WALKERS = 100;
const TIMES = [1, 5, 10, 20, 40, 60, 100, 150, 200, 300, 400, 600];

/** How far from the true place a decoded one may be, in metres. It is half of a short period, so that no other field is in reach. */
const RADIUS = 0.5;

/** Mean error of a random guess within the disc of that radius, in metres. */
const CHANCE = (2 / 3) * RADIUS;

/** Largest mean error, in units of that of a random guess. */
const LARGEST_ERROR = 0.5;

/** The mean error (metres) at each of TIMES of an agent on new walks, decoded with the rate maps of a view. */
function errors(agent: Agent, { config }: TrainedModel, view: View): number[] {
  const decoder = new Decoder(view.analysis.smoothedMaps, RADIUS);
  const journey = agent.start(WALKERS);
  const found: number[] = [];
  let time = 0;
  const options = { seed: 9, walkers: WALKERS, steps: TIMES.at(-1)!, box: view.box, vMax: config.velocityMax };
  for (const { velocities, positions } of walk(options)) {
    const states = journey.step(velocities);
    if (!TIMES.includes(++time)) continue;
    const all = Array.from({ length: WALKERS }, (_, m) =>
      decoder.error(states.subarray(m * agent.units, (m + 1) * agent.units), positions[2 * m]!, positions[2 * m + 1]!),
    ).filter((error) => !Number.isNaN(error));
    found.push(mean(all));
  }
  journey.end();
  return found;
}

/** The networks whose states are decoded. */
const NETWORKS = ["trained", "leaky", "untrained"] as const;
type Network = (typeof NETWORKS)[number];

/** Errors at TIMES of a network, of the same network with a leak, and of the untrained one. */
interface Errors {
  model: TrainedModel;
  trained: number[];
  leaky: number[];
  untrained: number[];
  met: boolean;
}

const atTime = (list: readonly number[], time: number): number => list[TIMES.indexOf(time)]!;

/** The step at which the walks trained on end, and the last step that is decoded. */
const SHORT = 60;
const LONG = TIMES.at(-1)!;

/**
 * The network integrates its path: the place decoded from its state stays right for much longer than the walks trained on.
 * @spec C9
 */
export function pathIntegration(study: Study): Outcome {
  const seeds = study.first.map((model): Errors => {
    const view = study.view(model);
    const trained = errors(model.agent, model, view);
    const leaky = errors(model.leaky, model, view);
    const untrained = errors(model.untrained, model, study.untrained(model));
    const end = atTime(trained, LONG);
    const right = Math.max(...trained) <= LARGEST_ERROR * CHANCE;
    return {
      model,
      trained,
      leaky,
      untrained,
      met: right && end < atTime(leaky, LONG) && end < atTime(untrained, LONG),
    };
  });
  const met = seeds.filter((one) => one.met).length;
  const worst = (key: Network): string =>
    seeds.length === 0
      ? `${key} unknown`
      : `${key} ${[SHORT, LONG].map((time) => Math.max(...seeds.map((one) => atTime(one[key], time))).toFixed(2)).join(" and ")} m`;
  return {
    verdict: verdictOver(met, seeds.length),
    reason:
      `In ${met} of ${seeds.length} seeds the error stays below half of chance for ${LONG} steps and ends below that of a leaky and of an untrained network. ` +
      `The largest mean errors at steps ${SHORT} and ${LONG} are: ${NETWORKS.map(worst).join(", ")}. A random guess has ${CHANCE.toFixed(2)} m.`,
    rule:
      `The place is decoded as the bin within ${RADIUS} m of the true one whose population vector is most like the state. Farther away a periodic code may repeat. A random guess within that disc has a mean error of ${CHANCE.toFixed(2)} m. ` +
      `One of the first ${study.first.length} seeds meets the rule if its mean error over ${WALKERS} new random walks is at most ${LARGEST_ERROR} of that at every time that is decoded, ` +
      `and at the end is smaller than the error of the same network with a leak (${LEAK} of g(0) mixed into every state) and of the untrained network decoded with its own maps. ${SHARES}`,
    deciding: [
      shareMet("Seeds", met, seeds.length),
      {
        what: "Largest mean error (m), by seed",
        value: seeds.map(({ trained }) => Math.max(...trained)),
        limit: `at most ${(LARGEST_ERROR * CHANCE).toFixed(3)}`,
      },
      {
        what: `Mean error at step ${LONG} with a leak (m), by seed`,
        value: seeds.map(({ leaky }) => atTime(leaky, LONG)),
        limit: null,
      },
    ],
    evidence: table(seeds, "trained"),
    null: {
      columns: ["network", ...table(seeds, "leaky").columns],
      rows: (["leaky", "untrained"] as const).flatMap((key) => table(seeds, key).rows.map((row) => [key, ...row])),
    },
    figures: [
      {
        ...figureOver(
          "C9",
          study.first,
          "errors",
          "Mean error of the place decoded from the state, against the length of the walk.",
        ),
        kind: "lines",
        xLabel: "steps",
        yLabel: "error (m)",
        marks: study.first.slice(0, 1).map(({ config }) => ({ x: config.timesteps, label: "length trained on" })),
        series: seeds.flatMap(({ model, ...one }) =>
          NETWORKS.map((key): Series => ({
            label: `${key}, seed ${model.config.seed}`,
            points: TIMES.map((time, i) => [time, short(one[key][i]!) ?? 0]),
          })),
        ),
      },
    ],
  };
}

/** Errors against time, with a row for each seed. */
function table(seeds: readonly Errors[], key: Network): Table {
  return {
    columns: ["seed", ...TIMES.map((time) => `error at step ${time} (m)`)],
    rows: seeds.map((one): Cell[] => [one.model.config.seed, ...one[key]]),
  };
}
