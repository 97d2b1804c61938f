import type { Agent } from "../measure/agent.ts";
import { Decoder } from "../measure/decode.ts";
import { walk } from "../measure/walk.ts";
import type { Cell, Finding, Series } from "./claim.ts";
import { LEAK, type Study, type TrainedModel, type View } from "./study.ts";
import { figureOver, short } from "./figures.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** Walks that are read, and the steps after which they are. */
const WALKERS = 100;
const TIMES = [1, 5, 10, 20, 40, 60, 100, 150, 200, 300, 400, 600];

/** How far from the true place a decoded one may be, in metres: half of a short period, so that no other field is in reach. */
const RADIUS = 0.5;

/** Mean distance of a place drawn at random from the disc of that radius: what knows nothing is wrong by so much. */
const CHANCE = (2 / 3) * RADIUS;

/** Largest mean error, in units of chance. */
const LARGEST_ERROR = 0.5;

/** Mean errors (metres) of an agent on new walks, read with the rate maps of a view; one a time. */
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
    found.push(all.reduce((sum, error) => sum + error, 0) / all.length);
  }
  journey.end();
  return found;
}

interface Course {
  member: TrainedModel;
  trained: number[];
  leaky: number[];
  untrained: number[];
  met: boolean;
}

const atTime = (course: readonly number[], time: number): number => course[TIMES.indexOf(time)]!;

/** The last step of the walks trained on that is read, and the last one of all. */
const SHORT = 60;
const LONG = TIMES.at(-1)!;

/**
 * C9. The network integrates its path: the place read off its state stays right for much longer than it was trained.
 * @spec C9
 */
export function pathIntegration(study: Study): Finding {
  const courses = study.few.map((member): Course => {
    const view = study.view(member);
    const trained = errors(member.agent, member, view);
    const leaky = errors(member.leaky, member, view);
    const untrained = errors(member.untrained, member, study.untrained(member));
    const end = atTime(trained, LONG);
    const right = Math.max(...trained) <= LARGEST_ERROR * CHANCE;
    return {
      member,
      trained,
      leaky,
      untrained,
      met: right && end < atTime(leaky, LONG) && end < atTime(untrained, LONG),
    };
  });
  const met = courses.filter((one) => one.met).length;
  const worst = (key: "trained" | "leaky" | "untrained", time: number): string =>
    courses.length === 0 ? "-" : Math.max(...courses.map((one) => atTime(one[key], time))).toFixed(2);
  return {
    number: "C9",
    title: "Path integration",
    statement:
      "The network integrates velocities: from its state alone the place can be read for a long time, with an error that grows slowly.",
    source: "introduction and methods: path invariance; experiments on generalisation to longer trajectories",
    verdict: verdictOver(met, courses.length),
    reason: `In ${met} of ${courses.length} seeds the error stays below half of chance for ${LONG} steps and ends below a leaky and an untrained network's; the largest mean errors at step ${SHORT} and ${LONG}: trained ${worst("trained", SHORT)} and ${worst("trained", LONG)} m, leaky ${worst("leaky", SHORT)} and ${worst("leaky", LONG)} m, untrained ${worst("untrained", SHORT)} and ${worst("untrained", LONG)} m, chance ${CHANCE.toFixed(2)} m.`,
    threshold: `The place is read as the bin within ${RADIUS} m of the true one whose population vector is most like the state; farther off a periodic code may repeat. Over that disc chance is wrong by ${CHANCE.toFixed(2)} m. A seed of the first ${study.few.length} counts if its mean error over ${WALKERS} new random walks is at most half of that at every one of the times read, and at the end is smaller than the error of the same network with a leak (${LEAK} of g(0) mixed into every state) and of the untrained network read with its own maps. ${SHARES}`,
    evidence: table(courses, "trained"),
    null: {
      columns: ["network", ...table(courses, "leaky").columns],
      rows: (["leaky", "untrained"] as const).flatMap((key) => table(courses, key).rows.map((row) => [key, ...row])),
    },
    figures: [
      {
        ...figureOver(
          "C9",
          study.few,
          "errors",
          "Mean error of the place read off the state against the length of the walk.",
        ),
        kind: "lines",
        xLabel: "steps",
        yLabel: "error (m)",
        marks: study.few.slice(0, 1).map(({ config }) => ({ x: config.timesteps, label: "length trained on" })),
        series: courses.flatMap(({ member, ...course }) =>
          (["trained", "leaky", "untrained"] as const).map((key): Series => ({
            label: `${key}, seed ${member.config.seed}`,
            points: TIMES.map((time, i) => [time, short(course[key][i]!) ?? 0]),
          })),
        ),
      },
    ],
  };
}

/** Errors against time, a row a seed. */
function table(
  courses: readonly Course[],
  key: "trained" | "leaky" | "untrained",
): { columns: string[]; rows: Cell[][] } {
  return {
    columns: ["seed", ...TIMES.map((time) => `error at step ${time} (m)`)],
    rows: courses.map((one) => [one.member.config.seed, ...one[key]]),
  };
}
