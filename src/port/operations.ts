import { z } from "zod";
import { count, countTable, counts, grid, grids, isWhole, matrix, tensor, vector, whole } from "./shapes.ts";

/** The fields of an object in the protocol. */
type Fields = Record<string, z.ZodType>;

/** The declaration of an operation. */
interface Declaration<Input extends z.ZodObject, Output extends z.ZodObject> {
  /** The requirements that its cases hold a port to; checks are filed under the first. */
  requirements: readonly [string, ...string[]];
  /** What it computes, in one sentence. */
  says: string;
  input: Input;
  output: Output;
}

function declare<const Input extends Fields, const Output extends Fields>(
  requirements: [string, ...string[]],
  says: string,
  input: Input,
  output: Output,
) {
  return { requirements, says, input: z.strictObject(input), output: z.strictObject(output) };
}

const real = z.number();

/** The parameters of the network (N1, N2); gradients and moments have the same fields. */
export const parametersSchema = z
  .strictObject({
    A1: matrix(2, "H").describe("weights of the first layer, [inputs][outputs]"),
    a1: vector("H").describe("biases of the first layer"),
    A2: matrix("H", "H").describe("weights of the second layer"),
    a2: vector("H").describe("biases of the second layer"),
    A3: matrix("H", "N*N").describe("weights of the last layer, whose outputs fill W row by row"),
    a3: vector("N*N").describe("biases of the last layer"),
    gamma: vector("N").describe("from which the initial state is made (N2)"),
  })
  .meta({ id: "Parameters", description: "All trained numbers. Gradients and moments have the same fields." });

const reduction = z.enum(["mean", "sum"]).describe('"mean" or "sum" over the pairs');

/** What the curriculum may change (T6), of one step or for a whole run. */
const scheduled = {
  sigmaG: real.describe("width of the separation kernel in state space"),
  lambdaInv: real.describe("weight of invariance"),
  lambdaCap: real.describe("weight of capacity"),
};

const lossSettings = {
  sigmaX: real.describe("near pairs lie closer than this, far pairs lie further apart, in metres"),
  sigmaS: real.describe("steps that are not faster than this do not count for conformal isometry, in metres"),
  sigmaC: real.describe("steps that are not slower than this do not count for conformal isometry, in metres"),
  lambdaSep: real.describe("weight of separation"),
  lambdaCon: real.describe("weight of conformal isometry"),
  ...scheduled,
  reduction,
};

const lossSettingsSchema = z
  .strictObject(lossSettings)
  .meta({ id: "LossSettings", description: "The constants of the losses (L1 to L5)." });

const knotSchema = z
  .strictObject({
    at: real.describe("the share of the run's steps at which the knot stands"),
    timesteps: z
      .exactOptional(whole)
      .describe("time steps T of a trajectory; `train` is given its batches and ignores it"),
    sigmaG: z.exactOptional(scheduled.sigmaG),
    lambdaInv: z.exactOptional(scheduled.lambdaInv),
    lambdaCap: z.exactOptional(scheduled.lambdaCap),
  })
  .meta({
    id: "Knot",
    description: "Settings at one point of a run (T6). A setting that the knot does not give is the run's own.",
  });

const curriculum = z.array(knotSchema).meta({ shape: "[knots]" }).describe("the knots, in the order of their shares");

const velocities = matrix("K", 2).describe("the velocities that trajectories take, in metres a step");
const order = countTable("B", "T").describe("which of the velocities trajectory b takes at its step t");

const batch = {
  velocities,
  order,
  pairs: z
    .exactOptional(counts("states"))
    .describe("indices of the states over which separation is taken; if left out, it is taken over all states"),
};

const batchSchema = z.strictObject(batch).meta({ id: "Batch", description: "One batch of trajectories (D2, D4, L5)." });

const velocityScale = real.describe("the scale s_v by which velocities are divided before the first layer");
const learningRate = real.describe("the peak learning rate");

const adamwSettings = {
  beta1: real.describe("decay of the first moment"),
  beta2: real.describe("decay of the second moment"),
  epsilon: real.describe("added to the root of the second moment"),
  weightDecay: real.describe("decoupled weight decay"),
};

const cosineSettings = {
  warmup: count.describe("steps of the warm-up"),
  cosineFloor: real.describe("the share of the peak learning rate that is left at the end"),
  steps: count.describe("steps of the whole run"),
};

const plateauSettings = {
  plateauFactor: real.describe("the factor by which the learning rate is multiplied"),
  plateauPatience: count.describe(
    "the rate is multiplied after more than this number of losses in a row without an improvement",
  ),
  plateauThreshold: real.describe("how much lower than the best a loss must be to be an improvement, as a share"),
};

const trainSettingsSchema = z
  .strictObject({
    ...lossSettings,
    velocityScale,
    learningRate,
    ...adamwSettings,
    clipNorm: real.describe("largest norm of the gradient; 0 means no clipping"),
    schedule: z.enum(["constant", "cosine", "plateau"]).describe('"constant", "cosine" or "plateau"'),
    ...cosineSettings,
    ...plateauSettings,
    curriculum: z
      .exactOptional(curriculum)
      .describe(
        "the knots of T6, by which settings of the losses change over the run; if left out, the settings stay the same",
      ),
  })
  .meta({ id: "TrainSettings", description: "The constants of training (T1 to T6) and of the losses." });

const parameters = parametersSchema.describe("the network's parameters");
const states = matrix("P", "N").describe("states of the network");
const positions = matrix("P", 2).describe("the position at which each state was reached, in metres");
const sigmaX = lossSettings.sigmaX;
const counted = {
  value: real.describe("the loss"),
  count: count.describe("the number of ordered pairs, or of steps, over which it was taken"),
};
const batchInput = {
  parameters,
  ...batch,
  velocityScale,
  settings: lossSettingsSchema.describe("the constants of the losses"),
};
const steps = counts("n").describe("the steps for which values are asked, counted from 0");
const autocorrelogram = grid("2n-1", "2n-1").describe("an autocorrelogram, [lag y][lag x], the zero lag in the middle");

/**
 * P4 Operations: each is declared once. The types, the JSON schemas, the glossary in golden/vectors/README.md, the
 * names that `hello` may give, and the requirement under which a check is filed are all derived from this.
 * @spec P4
 */
export const operations = {
  positions: declare(
    ["D3", "D4"],
    "The position of each trajectory after each of its steps.",
    { velocities, order },
    { positions: tensor("T", "B", 2).describe("positions in metres") },
  ),
  transition: declare(
    ["N1"],
    "The transition matrix of a velocity.",
    { parameters, velocity: vector(2).describe("one velocity, in metres a step"), velocityScale },
    { W: matrix("N", "N").describe("the matrix; `W[i][j]` is the weight from unit j to unit i") },
  ),
  initialState: declare(
    ["N2", "N4"],
    "The initial state of all trajectories.",
    { gamma: vector("N").describe("from which the initial state is made (N2)") },
    { state: vector("N").describe("the initial state") },
  ),
  step: declare(
    ["N3", "N4"],
    "One step of the network.",
    {
      W: matrix("N", "N").describe("the transition matrix of the step"),
      state: vector("N").describe("the state before it"),
    },
    { state: vector("N").describe("the state after it") },
  ),
  rollout: declare(
    ["N3", "N2", "N4"],
    "All states of all trajectories.",
    { parameters, velocities, order, velocityScale },
    {
      initial: vector("N").describe("the initial state"),
      states: tensor("T", "B", "N").describe("the states after each step"),
      deadStates: count.describe("the number of these states that are zero"),
    },
  ),
  separation: declare(
    ["L1"],
    "The separation loss.",
    { states, positions, sigmaX, sigmaG: scheduled.sigmaG, reduction },
    counted,
  ),
  invariance: declare(["L2"], "The invariance loss.", { states, positions, sigmaX, reduction }, counted),
  capacity: declare(["L3"], "The capacity loss.", { states }, { value: real.describe("the loss") }),
  conformalIsometry: declare(
    ["L4"],
    "The conformal isometry loss.",
    {
      initial: vector("N").describe("the initial state"),
      states: tensor("T", "B", "N").describe("the states after each step"),
      velocities,
      order,
      sigmaS: lossSettings.sigmaS,
      sigmaC: lossSettings.sigmaC,
    },
    counted,
  ),
  losses: declare(["L5", "L1", "L2", "L3", "L4"], "All losses of one batch and their weighted sum.", batchInput, {
    sep: real.describe("separation"),
    inv: real.describe("invariance"),
    cap: real.describe("capacity"),
    con: real.describe("conformal isometry"),
    total: real.describe("the weighted sum of the four"),
    nearCount: count.describe("number of ordered pairs in invariance"),
    farCount: count.describe("number of ordered pairs in separation"),
    conCount: count.describe("number of steps in conformal isometry"),
    deadStates: count.describe("number of states that are zero"),
  }),
  gradients: {
    ...declare(
      ["L5", "L1", "L2", "L3", "L4", "N1", "N2", "N3"],
      "The derivatives of the total loss of one batch with respect to every parameter.",
      batchInput,
      {},
    ),
    output: parametersSchema,
  },
  adamw: declare(
    ["T1"],
    "One step of AdamW.",
    {
      parameters,
      gradients: parametersSchema.describe("the gradient"),
      m: parametersSchema.describe("the first moment before the step"),
      v: parametersSchema.describe("the second moment before the step"),
      step: count.describe("the number of the step, counted from 0"),
      learningRate: real.describe("the learning rate of this step"),
      ...adamwSettings,
    },
    {
      parameters: parametersSchema.describe("the parameters after the step"),
      m: parametersSchema.describe("the first moment after the step"),
      v: parametersSchema.describe("the second moment after the step"),
    },
  ),
  clip: declare(
    ["T2"],
    "Clipping by the norm over all parameters.",
    {
      gradients: parametersSchema.describe("the gradient"),
      clipNorm: real.describe("the largest norm that it may have; 0 means no clipping"),
    },
    {
      gradients: parametersSchema.describe("the clipped gradient"),
      norm: real.describe("the norm before clipping"),
    },
  ),
  accumulate: declare(
    ["T3"],
    "The mean of several gradients.",
    { gradients: z.array(parametersSchema).meta({ shape: "[batches]" }).describe("one gradient for each batch") },
    { gradients: parametersSchema.describe("their mean") },
  ),
  schedule: declare(
    ["T4"],
    "Learning rates under warm-up and cosine.",
    { learningRate, ...cosineSettings, at: steps },
    { learningRates: vector("n").describe("the learning rate of each step in `at`") },
  ),
  plateau: declare(
    ["T5"],
    "Learning rates that are reduced when the loss no longer improves.",
    { learningRate, ...plateauSettings, losses: vector("n").describe("the loss of each step, from the first on") },
    { learningRates: vector("n").describe("the learning rate after each loss") },
  ),
  curriculum: declare(
    ["T6"],
    "The settings of single steps under a curriculum.",
    {
      timesteps: whole.describe("time steps T of a trajectory"),
      ...scheduled,
      curriculum,
      steps: cosineSettings.steps,
      at: steps,
    },
    {
      timesteps: counts("n").describe("time steps T, for each step in `at`"),
      sigmaG: vector("n").describe("width of the kernel, for each step in `at`"),
      lambdaInv: vector("n").describe("weight of invariance, for each step in `at`"),
      lambdaCap: vector("n").describe("weight of capacity, for each step in `at`"),
    },
  ),
  train: declare(
    ["T1", "T2", "T3", "T4", "T5", "T6", "L5"],
    "Whole training steps with given batches. Moments start at zero, and steps are counted from 0.",
    {
      parameters: parametersSchema.describe("the parameters before the first step"),
      batches: z
        .array(z.array(batchSchema))
        .meta({ shape: "[steps][batches]" })
        .describe("for each step, the batches whose gradients are averaged"),
      settings: trainSettingsSchema.describe("the constants of training"),
    },
    {
      parameters: parametersSchema.describe("the parameters after the last step"),
      learningRates: vector("steps").describe("the learning rate of each step"),
      gradientNorms: vector("steps").describe("the norm of the mean gradient of each step, before clipping"),
      totals: matrix("steps", "batches").describe("the total loss of each batch of each step"),
    },
  ),
  rateMap: declare(
    ["M2"],
    "Rate maps of all units.",
    {
      positions,
      states,
      bins: count.describe("bins along each axis"),
      box: real.describe("side of the box, which is centred on the origin, in metres"),
    },
    { maps: grids("N", "bins", "bins").describe("row y, column x; null where there was no visit") },
  ),
  autocorrelogram: declare(
    ["M3"],
    "The autocorrelogram of a rate map.",
    {
      map: grid("n", "n").describe("a rate map, row y, column x; null where there was no visit"),
      minimumOverlap: count.describe("the number of bins that must overlap at a lag"),
    },
    {
      autocorrelogram: autocorrelogram.describe(
        "row lag y, column lag x, the zero lag in the middle; null where undefined",
      ),
    },
  ),
  gridness: declare(
    ["M4"],
    "The gridness of an autocorrelogram.",
    { autocorrelogram },
    { gridness: real.nullable().describe("the gridness; null if no annulus is defined") },
  ),
  lattice: declare(
    ["M6"],
    "The lattice of an autocorrelogram. All fields are null if there is no lattice.",
    { autocorrelogram, binWidth: real.describe("side of a bin, in metres") },
    {
      spacing: vector(2).nullable().describe("lengths of the two shortest vectors, in metres, the shorter one first"),
      angle: real.nullable().describe("angle between them, in degrees"),
      orientation: real.nullable().describe("direction of the shorter one, in degrees within [0, 180)"),
      ellipticity: real.nullable().describe("long axis over short axis of the lattice's ellipse"),
    },
  ),
  modules: declare(
    ["M8"],
    "Groups of units with similar autocorrelograms.",
    {
      autocorrelograms: grids("units", "2n-1", "2n-1").describe("one autocorrelogram for each unit"),
      cut: real.describe("the largest distance at which two clusters are joined"),
      minimumSize: count.describe("the number of units that a module has at least"),
    },
    { modules: countTable("modules", "units").describe("ascending indices of units, the largest module first") },
  ),
} satisfies Record<string, Declaration<z.ZodObject, z.ZodObject>>;

/** The name of an operation. */
export type OperationName = keyof typeof operations;

/** P4 Operations: the input and output of each, field by field as in the protocol. */
export type Operations = {
  [Name in OperationName]: {
    input: z.infer<(typeof operations)[Name]["input"]>;
    output: z.infer<(typeof operations)[Name]["output"]>;
  };
};

/** The input of the operations `losses` and `gradients`. */
export type BatchInput = Operations["losses"]["input"];

/** A grid [y][x] in which null stands where there is no value. */
export type Grid = Operations["gridness"]["input"]["autocorrelogram"];

/** All names, in the order of the table. */
export const operationNames = Object.keys(operations) as OperationName[];

/** P4: whether a name is that of an operation, so that `hello` may give it. */
export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

/** The requirement that an operation's checks are filed under. */
export function requirementOf(operation: OperationName): string {
  return operations[operation].requirements[0];
}

/** P8: the fields of an operation's output that hold whole numbers, which must be equal. */
export function exactFields(operation: OperationName): string[] {
  const fields: Record<string, z.ZodType> = operations[operation].output.shape;
  return Object.entries(fields).flatMap(([field, schema]) => (isWhole(schema) ? [field] : []));
}

/** P4: the requirements that some operation is filed under. */
export const requirementsWithOperation: ReadonlySet<string> = new Set(operationNames.map(requirementOf));
