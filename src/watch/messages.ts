import type { Terms } from "../train/acceptance-criteria.ts";
import type { Config } from "../train/config.ts";
import type { ParameterName } from "../train/parameters.ts";
import type { RunFiles } from "./session.ts";

/** How a worker computes. */
export interface EngineChoice {
  /** `webgpu` where the browser has a GPU for it; else, and where it does not start, wasm. */
  name: "wasm" | "webgpu";
  /** Threads of the fused kernels; 0 computes all functions as they read. */
  threads: number;
}

/** A network as it stands at a step of its training. */
export interface Network {
  step: number;
  config: Config;
  parameters: Record<ParameterName, Float32Array>;
}

/** What the page asks of the worker that trains. The first message opens the engine. */
export type ToTrainer =
  | { kind: "open"; engine: EngineChoice }
  | { kind: "begin"; config: Config }
  | { kind: "load"; files: RunFiles }
  | { kind: "train" }
  | { kind: "pause" }
  | { kind: "step" }
  | { kind: "save" };

/** Where a training stands. */
export interface Standing {
  /** Steps of all attempts together, the attempt under way (from 0), and its steps. */
  step: number;
  attempt: number;
  attemptStep: number;
  running: boolean;
  done: boolean;
}

/** What the worker that trains tells the page. */
export type FromTrainer =
  | { kind: "opened"; engine: string }
  | { kind: "begun"; config: Config; standing: Standing; metrics: string }
  | { kind: "went"; standing: Standing; losses: [step: number, losses: Terms][]; stepsASecond: number }
  | { kind: "network"; network: Network }
  | { kind: "saved"; name: string; zip: Uint8Array }
  | { kind: "refused"; sentence: string }
  | { kind: "failed"; sentence: string };

/** A square grid of numbers, row-major, first row at the bottom; NaN where nothing is known. */
export type Grid = Float64Array;

/** Maps of some units. */
export interface UnitMaps {
  unit: number;
  rates: Grid;
  /** Undefined for a unit that is not active. */
  correlogram: Grid | undefined;
}

/** What a network's rate maps show, as far as the page draws it. */
export interface Look {
  step: number;
  /** Side of the box, in metres. */
  box: number;
  /** How the maps were made. */
  how: string;
  /** The judge's verdict in a sentence, and as the table of `measure`. */
  verdict: string;
  table: string;
  /** Modules, or the most tuned units where there are none. */
  blocks: { title: string; correlogram: Grid | undefined; units: UnitMaps[] }[];
}

/** What the page asks of the worker that looks at networks. */
export type ToSurveyor = { kind: "open"; engine: EngineChoice } | { kind: "look"; network: Network };

/** What that worker tells the page. */
export type FromSurveyor = { kind: "opened" } | { kind: "looked"; look: Look } | { kind: "failed"; sentence: string };

/** A place in the arena, or a way, in metres. */
export type Point = [x: number, y: number];

/** A module of the network that walks. */
export interface ModuleView {
  title: string;
  units: number[];
  /** Which torus is its own; undefined for a module without a lattice. */
  torus: number | undefined;
}

/** A state on the torus of a module, and the phase of its place along the lattice's first wave vector. */
export interface TorusPoint {
  point: [x: number, y: number, z: number];
  phase: number;
}

/** What an arena is drawn from. */
export interface ArenaView {
  /** Sides of the arena and of the box trained on, and the longest step trained on, in metres. */
  box: number;
  trained: number;
  vMax: number;
  /** Rate maps [units, bins, bins]. */
  units: number;
  bins: number;
  maps: ArrayLike<number>;
  modules: ModuleView[];
  /** States of the walks on each torus. */
  toruses: TorusPoint[][];
}

/** Where the animal stands, and what the network makes of it. */
export interface Footing {
  place: Point;
  /** Activity of every unit. */
  state: Float32Array;
  /** The place decoded from the state; undefined where no place near by was ever visited. */
  decoded: Point | undefined;
  /** The state on each torus. */
  torus: TorusPoint[];
}

/** What the page asks of the worker that walks. A network is one of the models beside the page, or given. */
export type ToWalker =
  | { kind: "open"; engine: EngineChoice }
  | { kind: "enter"; network: Network | string }
  | { kind: "begin" }
  | { kind: "step"; way: Point };

/** What that worker tells the page. */
export type FromWalker =
  | { kind: "opened" }
  | { kind: "measuring"; share: number }
  | { kind: "entered"; view: ArenaView }
  | { kind: "stands"; footing: Footing }
  | { kind: "failed"; sentence: string };
