import * as fc from "fast-check";
import { join } from "node:path";
import type { Parameters, Rollout, Vec } from "../../spec/oracle.ts";
import { norm } from "../../spec/oracle-arrays.ts";
import { passed, uncovered } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import { draws } from "./draws.ts";
import { fitted, goodOnes } from "./fixed.ts";
import { faultOf } from "./fresh.ts";
import type { FreshOptions } from "./fresh.ts";
import type { OperationName, Operations } from "./operations.ts";
import type { PortProcess } from "./process.ts";
import type { Precision } from "./tolerance.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The error that is allowed after a rollout or in a variance: about a hundred roundings, each of 2^-24 (or 2^-53), of
 * numbers around 1.
 */
const allowed: Record<Precision, number> = { float32: 1e-5, float64: 1e-13 };

/**
 * A property of one operation's output that holds for any right port. It gives undefined if it holds, and otherwise
 * says what is wrong.
 */
interface PortProperty<Name extends OperationName> {
  requirement: string;
  title: string;
  operation: Name;
  inputs: fc.Arbitrary<Operations[Name]["input"]>;
  /** The settings that the property chooses itself, so that a port must be able to change them. */
  chooses?: readonly string[];
  wrong: (
    input: Operations[Name]["input"],
    ask: (input: Operations[Name]["input"]) => Promise<Operations[Name]["output"]>,
    tolerance: number,
  ) => Promise<string | undefined>;
}

/** N4: states of fresh rollouts have length 1, or are dead and counted as dead. */
const unitNorm: PortProperty<"rollout"> = {
  requirement: "N4",
  title: "unit norm: every state has length 1 or is exactly zero, and deadStates counts the zero ones",
  operation: "rollout",
  inputs: draws.rollout,
  wrong: async (input, ask, tolerance) => {
    const { initial, states, deadStates } = await ask(input);
    const lengths = [initial, ...states.flat()].map(norm);
    const odd = lengths.find((length) => length !== 0 && Math.abs(length - 1) > tolerance);
    if (odd !== undefined) return `a state has length ${odd}`;
    const dead = lengths.slice(1).filter((length) => length === 0).length;
    return dead === deadStates ? undefined : `${dead} states are zero, deadStates is ${deadStates}`;
  },
};

/** N4: states of fresh rollouts have no negative entry. */
const nonNegative: PortProperty<"rollout"> = {
  requirement: "N4",
  title: "non-negativity: no state has an entry below zero",
  operation: "rollout",
  inputs: draws.rollout,
  wrong: async (input, ask) => {
    const { initial, states } = await ask(input);
    const least = Math.min(...initial, ...states.flat(2));
    return least < 0 ? `a state has the entry ${least}` : undefined;
  },
};

/** The permutation matrix that moves the units of a `rows` by `columns` torus by (dx, dy), row-major. */
function shift(rows: number, columns: number, dx: number, dy: number): Vec {
  const units = rows * columns;
  const matrix = new Array<number>(units * units).fill(0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const to = ((row + dy + rows) % rows) * columns + ((column + dx + columns) % columns);
      matrix[to * units + row * columns + column] = 1;
    }
  }
  return matrix;
}

/**
 * N3: weights under which any two orders of the same velocities end in the same state. The MLP passes on the four parts
 * (x+, x-, y+, y-) of v / s_v. Part h of a direction moves the share h of the activity by one unit in that direction on
 * a torus of units: W(v) = I + sum over k of h_k (P_k - I), and all P_k commute. For a v of length s_v along an axis
 * W(v) is the permutation P_k itself.
 */
function pathInvariantParameters(rows: number, columns: number, gamma: Vec): Parameters {
  const identity = shift(rows, columns, 0, 0);
  const moved = (dx: number, dy: number): Vec => shift(rows, columns, dx, dy).map((value, k) => value - identity[k]!);
  return {
    A1: [
      [1, -1, 0, 0],
      [0, 0, 1, -1],
    ],
    a1: [0, 0, 0, 0],
    A2: [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0))),
    a2: [0, 0, 0, 0],
    A3: [moved(1, 0), moved(-1, 0), moved(0, 1), moved(0, -1)],
    a3: identity,
    gamma,
  };
}

const torus = fc
  .record({ rows: fc.integer({ min: 2, max: 3 }), columns: fc.integer({ min: 2, max: 3 }) })
  .chain(({ rows, columns }) =>
    fc.array(fc.integer({ min: 1, max: 16 }), { minLength: rows * columns, maxLength: rows * columns }).map((gamma) =>
      pathInvariantParameters(
        rows,
        columns,
        gamma.map((k) => k / 8),
      ),
    ),
  );

const scales = fc.constantFrom(0.25, 0.5, 2);

/** Velocities in units of s_v. Several trajectories take them, each in an order of its own. */
function inManyOrders(velocities: fc.Arbitrary<number[][]>): fc.Arbitrary<Operations["rollout"]["input"]> {
  return fc.record({ parameters: torus, velocities, velocityScale: scales }).chain((drawn) => {
    const places = drawn.velocities.map((_, place) => place);
    const order = fc.shuffledSubarray(places, { minLength: places.length });
    return fc.array(order, { minLength: 2, maxLength: 4 }).map((orders) => ({
      parameters: drawn.parameters,
      velocities: drawn.velocities.map((v) => v.map((entry) => entry * drawn.velocityScale)),
      order: orders,
      velocityScale: drawn.velocityScale,
    }));
  });
}

const lastStates = ({ states }: Rollout): Vec[] => states.at(-1)!;
const apart = (x: Vec, y: Vec): number => Math.max(...x.map((value, k) => Math.abs(value - y[k]!)));

/** N3: a closed path ends in the state in which it started. */
const loops: PortProperty<"rollout"> = {
  requirement: "N3",
  title:
    "path invariance on loops: under weights that move activity on a torus, every closed path ends in the initial state",
  operation: "rollout",
  chooses: ["velocityScale"],
  inputs: inManyOrders(
    fc
      .array(fc.constantFrom([1, 0], [0, 1], [1, 1]), { minLength: 1, maxLength: 3 })
      .map((there) => [...there, ...there.map((v) => v.map((entry) => -entry))])
      .map((both) =>
        both.flatMap(([x, y]) =>
          [
            [x, 0],
            [0, y],
          ].filter((v) => v.some((entry) => entry !== 0)),
        ),
      ),
  ),
  wrong: async (input, ask, tolerance) => {
    const out = await ask(input);
    const worst = Math.max(...lastStates(out).map((state) => apart(state, out.initial)));
    return worst > tolerance ? `a closed path ends ${worst.toPrecision(3)} from the initial state` : undefined;
  },
};

/** N3: the order does not matter either if velocities lie between the axes, where W is no permutation. */
const anyOrder: PortProperty<"rollout"> = {
  requirement: "N3",
  title: "path invariance under commuting weights: the same velocities in another order end in the same state",
  operation: "rollout",
  chooses: ["velocityScale"],
  inputs: inManyOrders(
    fc.array(
      fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })).map(([x, y]) => [x / 8, y / 8]),
      { minLength: 1, maxLength: 4 },
    ),
  ),
  wrong: async (input, ask, tolerance) => {
    const [first, ...others] = lastStates(await ask(input));
    const worst = Math.max(...others.map((state) => apart(state, first!)));
    return worst > tolerance ? `two orders end ${worst.toPrecision(3)} apart` : undefined;
  },
};

/** L4: with c times the speeds, and c times sigmaS and sigmaC, conformal isometry is 1 / c^2 of its value before. */
const conformalScaling: PortProperty<"conformalIsometry"> = {
  requirement: "L4",
  title: "conformal isometry scaling: c times the speeds (and sigmaS, sigmaC) give 1 / c^2 of the loss",
  operation: "conformalIsometry",
  chooses: ["sigmaS", "sigmaC"],
  inputs: draws.conformalIsometry,
  wrong: async (input, ask, tolerance) => {
    const before = await ask(input);
    for (const c of [0.5, 4]) {
      const velocities = input.velocities.map((v) => v.map((entry) => entry * c));
      const after = await ask({ ...input, velocities, sigmaS: input.sigmaS * c, sigmaC: input.sigmaC * c });
      if (after.count !== before.count)
        return `${c} times the speeds change the count from ${before.count} to ${after.count}`;
      const error = Math.abs(after.value * c ** 2 - before.value);
      if (error > tolerance * (1 + before.value)) {
        return `${c} times the speeds change the loss from ${before.value} to ${after.value}, expected ${before.value / c ** 2}`;
      }
    }
    return undefined;
  },
};

/** L4: if the state moves in proportion to the speed in every direction, the variance is 0. */
const conformalZero: PortProperty<"conformalIsometry"> = {
  requirement: "L4",
  title: "conformal isometry of a proportional map: states that move a fixed multiple of the speed give 0",
  operation: "conformalIsometry",
  inputs: fc.tuple(draws.conformalIsometry, fc.constantFrom(0.25, 0.5, 1)).map(([input, multiple]) => {
    const initial = [0, 0];
    const reached = input.order.map(() => initial);
    const states = input.order[0]!.map((_, t) =>
      input.order.map((indices, b) => {
        const v = input.velocities[indices[t]!]!;
        reached[b] = reached[b]!.map((entry, k) => entry + multiple * v[k]!);
        return reached[b];
      }),
    );
    return { ...input, initial, states };
  }),
  wrong: async (input, ask, tolerance) => {
    const { value } = await ask(input);
    return Math.abs(value) > tolerance ? `the loss is ${value}` : undefined;
  },
};

/**
 * P10: properties that hold for every right port, whatever its weights. They are checked on fresh cases, without the
 * oracle.
 * @spec P10
 */
export function propertyChecks(options: FreshOptions): Check[] {
  return [
    check(loops, options),
    check(anyOrder, options),
    check(unitNorm, options),
    check(nonNegative, options),
    check(conformalScaling, options),
    check(conformalZero, options),
  ];
}

function check<Name extends OperationName>(property: PortProperty<Name>, options: FreshOptions): Check {
  const { requirement, title, operation } = property;
  return {
    requirement,
    title: `${title} (seed ${options.seed})`,
    operation,
    run: async (port) => (await uncovered(port, operation)) ?? (await tryProperty(port, property, options)),
  };
}

/** Thrown inside a property when the port gives no output. Its verdict goes to the report. */
class NoOutput extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

async function tryProperty<Name extends OperationName>(
  port: PortProcess,
  { operation, inputs, chooses = [], wrong }: PortProperty<Name>,
  { seed, runs, folder }: FreshOptions,
): Promise<Finding> {
  const greeting = await port.hello();
  const fixed = goodOnes("hello" in greeting ? greeting.hello.fixed : undefined);
  // A setting of 0 is 0 at every scale, and one that follows another is free.
  const chosen = chooses.find((name) => typeof fixed[name] === "number" && fixed[name] !== 0);
  if (chosen !== undefined)
    return { kind: "not-covered", message: `the port has ${chosen} fixed at ${fixed[chosen]!}, and this needs others` };
  const tolerance = allowed["hello" in greeting ? greeting.hello.precision : "float32"];
  let failure: { input: Operations[Name]["input"]; verdict: Verdict } | undefined;
  const ask = async (input: Operations[Name]["input"]): Promise<Operations[Name]["output"]> => {
    const answer = await port.ask(operation, input);
    if ("output" in answer) return answer.output as Operations[Name]["output"];
    throw new NoOutput("fault" in answer ? answer.fault : { kind: "error-reply", message: answer.errorReply });
  };
  const property = fc.asyncProperty(
    inputs.map((drawn) => fitted(fixed, drawn)),
    async (input) => {
      if (failure && failure.verdict.kind !== "off") return true;
      const verdict = await judge(() => wrong(input, ask, tolerance));
      if (verdict) failure = { input, verdict };
      return verdict === undefined;
    },
  );
  const check = await fc.check(property, { seed, numRuns: runs });
  if (!failure && check.failed) throw faultOf(check);
  if (!failure) return passed(`holds in ${runs} fresh cases`);
  const saved = join(folder, `property-${operation}-${seed}.jsonl`);
  makeWritable(folder);
  writeAtomically(saved, `${JSON.stringify({ id: 1, operation, input: failure.input })}\n`);
  const { kind, message } = failure.verdict;
  return { kind, message: `${message}; the shrunk request is in ${saved}`, saved };
}

/**
 * The verdict on one case, or undefined if the property holds. An output of the wrong shape makes the property throw.
 */
async function judge(wrong: () => Promise<string | undefined>): Promise<Verdict | undefined> {
  try {
    const message = await wrong();
    return message === undefined ? undefined : { kind: "off", message };
  } catch (error) {
    if (error instanceof NoOutput) return error.verdict;
    return { kind: "shape", message: `the output does not have the shape of the vectors (${String(error)})` };
  }
}
