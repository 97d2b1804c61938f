import type { Agent, Journey } from "../measure/agent.ts";
import { Decoder } from "../measure/decode.ts";
import { analyse } from "../measure/judge.ts";
import { networkAgent } from "../measure/network-agent.ts";
import { reciprocal, waves, type Wave } from "../measure/phase.ts";
import type { RateMaps } from "../measure/rate-map.ts";
import { ring } from "../measure/ring.ts";
import { survey, type Samples } from "../measure/survey.ts";
import type { Vector } from "../measure/vector.ts";
import { walk } from "../measure/walk.ts";
import { moduleCaption } from "../report/module-caption.ts";
import { trainedRange } from "../train/trained-range.ts";
import type { ArenaView, Footing, ModuleView, Network, Point } from "./messages.ts";

/** Side of the arena in sides of the box trained on, bins along it, and the walks by which its rate maps are made. */
const FACTOR = 2;
const BINS = 90;
const WALK = { walkers: 300, steps: 300, seed: 0 };

/** States kept of each step of these walks. */
const KEPT = 3;

/** How far from the true place a decoded one may be, in metres, as for claim C9: a periodic code leaves open which period. */
const RADIUS = 0.5;

/** Radius of the tube of a torus whose ring has radius 1. */
const TUBE = 0.45;

/** A module with a lattice: the waves of its units along the lattice's two wave vectors. */
interface Waved {
  units: number[];
  along: { k: Vector; waves: Wave[] }[];
}

/** A network that walks alone in an arena, twice as wide as the box that it was trained on. */
export class Arena {
  readonly view: ArenaView;
  readonly #agent: Agent;
  readonly #decoder: Decoder;
  readonly #samples: Samples;
  readonly #modules: Waved[];
  #journey: Journey | undefined;
  #place: Point = [0, 0];

  private constructor(view: ArenaView, agent: Agent, maps: RateMaps, samples: Samples, modules: Waved[]) {
    this.view = view;
    this.#agent = agent;
    this.#decoder = new Decoder(maps, RADIUS);
    this.#samples = samples;
    this.#modules = modules;
  }

  /**
   * Takes the rate maps of a network in the arena, and finds its modules (M1 to M9). Needs an engine.
   * @param onShare hears which share of the walks is done
   */
  static of({ config, parameters }: Network, onShare: (share: number) => void): Arena {
    const trained = trainedRange(config);
    const box = FACTOR * trained;
    const agent = networkAgent(parameters, config);
    const { maps, samples } = survey(agent, walk({ ...WALK, box, vMax: config.velocityMax }), {
      ...{ walkers: WALK.walkers, box, bins: BINS, kept: KEPT },
      onStep: (done) => {
        onShare(done / WALK.steps);
      },
    });
    const { judgement, smoothedMaps, moduleLattices } = analyse(maps, { shuffles: 0 });
    const waved = judgement.modules.flatMap(({ units }, place): Waved[] => {
      const lattice = moduleLattices[place]?.lattice;
      if (lattice === undefined) return [];
      return [{ units, along: reciprocal(lattice).map((k) => ({ k, waves: waves(smoothedMaps, units, k) })) }];
    });
    const modules = judgement.modules.map((module, place): ModuleView => {
      const torus = waved.findIndex(({ units }) => units === module.units);
      return { title: moduleCaption(module, place), units: module.units, torus: torus < 0 ? undefined : torus };
    });
    const view = {
      ...{ box, trained, vMax: config.velocityMax, bins: BINS, units: maps.units, maps: smoothedMaps.values, modules },
      toruses: waved.map((one) => torusOf(samples, one)),
    };
    return new Arena(view, agent, smoothedMaps, samples, waved);
  }

  /** Puts the animal at the origin, with the network in its initial state. */
  begin(): Footing {
    this.end();
    this.#journey = this.#agent.start(1);
    this.#place = [0, 0];
    return this.#footing(this.#journey.states);
  }

  /** One step of that many metres. The arena's walls stop it. */
  step([dx, dy]: Point): Footing {
    const half = this.view.box / 2;
    const inside = (x: number): number => Math.max(-half, Math.min(half, x));
    const before = this.#place;
    this.#place = [inside(before[0] + dx), inside(before[1] + dy)];
    const velocity = Float32Array.of(this.#place[0] - before[0], this.#place[1] - before[1]);
    return this.#footing(this.#journey!.step(velocity));
  }

  /** Frees what the journey holds. */
  end(): void {
    this.#journey?.end();
    this.#journey = undefined;
  }

  #footing(states: Float32Array): Footing {
    const [x, y] = this.#place;
    return {
      place: this.#place,
      state: states.slice(),
      decoded: this.#decoder.place(states, x, y),
      torus: this.#modules.map((one) => torusOf(this.#samples, one, { place: this.#place, states }).at(-1)!),
    };
  }
}

/** States on the torus of a module, by their phases along the two waves (as in C5) alone, and the phase of their places along the first. */
function torusOf(
  { positions, states }: Samples,
  { units, along }: Waved,
  last?: { place: Point; states: Float32Array },
): Footing["torus"] {
  const all: Samples =
    last === undefined
      ? { positions, states }
      : {
          positions: Float32Array.of(...positions, ...last.place),
          states: joined(states, last.states),
        };
  const [first, second] = along.map(({ k, waves }) => ring(all, units, waves, k).points);
  const [kx, ky] = along[0]!.k;
  return first!.map(([px, py], i) => {
    const [qx, qy] = second![i]!;
    const [around, tube] = [Math.atan2(py, px), Math.atan2(qy, qx)];
    const radius = 1 + TUBE * Math.cos(tube);
    const phase = kx * all.positions[2 * i]! + ky * all.positions[2 * i + 1]!;
    return { point: [radius * Math.cos(around), TUBE * Math.sin(tube), radius * Math.sin(around)], phase };
  });
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
