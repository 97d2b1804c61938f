// The page: its parts, and what the address asks for.
import type { EngineChoice } from "../messages.ts";
import { hasGpu } from "./gpu.ts";
import { Maps } from "./maps.ts";
import { TrainingPart } from "./training.ts";
import { WalkingPart } from "./walking.ts";

/**
 * `?threads=1` takes one thread, and `?threads=0` computes all functions as they read, as SIC_THREADS and SIC_FUSED do.
 * `?engine=wasm` and `?engine=webgpu` take that engine; without it WebGPU is taken where there is a GPU. `?paused` begins no training.
 */
const query = new URLSearchParams(location.search);
const asked = Number(query.get("threads") ?? Infinity);
const threads = asked >= 0 ? asked : Infinity;
const engine = query.get("engine") ?? ((await hasGpu()) ? "webgpu" : "wasm");

/** What looks at networks and walks reads every state at once, which a GPU does not allow. It leaves the other threads to the training. */
const small: EngineChoice = { name: "wasm", threads: Math.min(1, threads) };

const maps = new Maps(small);
const walking = new WalkingPart(small);
const choice: EngineChoice = { name: engine === "webgpu" ? engine : "wasm", threads };
new TrainingPart(choice, !query.has("paused"), (network) => {
  maps.look(network);
  walking.offer(network);
});
