// The worker in which a network walks through an arena.
import { parseJson } from "../../io/json.ts";
import { decodeWeights } from "../../train/checkpoint-files.ts";
import { parseConfig } from "../../train/config.ts";
import { CONFIG_FILE, WEIGHTS_FILE } from "../../train/network-folder.ts";
import { Arena } from "../arena.ts";
import type { FromWalker, Network, ToWalker } from "../messages.ts";
import { openEngine } from "./engine.ts";

/** Milliseconds between two words about how far the walks are. */
const BREATH = 200;

let arena: Arena | undefined;

function tell(message: FromWalker): void {
  postMessage(message);
}

/** The network of one of the models beside the page. */
async function fetched(name: string): Promise<Network> {
  const file = async (path: string): Promise<ArrayBuffer> => {
    const response = await fetch(new URL(`./models/${name}/${path}`, import.meta.url));
    if (!response.ok) throw new Error(`models/${name}/${path} is not there`);
    return response.arrayBuffer();
  };
  const text = new TextDecoder().decode(await file(CONFIG_FILE));
  const config = parseConfig(parseJson(text, CONFIG_FILE), CONFIG_FILE);
  const parameters = decodeWeights(new Uint8Array(await file(WEIGHTS_FILE)), WEIGHTS_FILE, config);
  return { step: config.steps, config, parameters };
}

async function answer(message: ToWalker): Promise<void> {
  switch (message.kind) {
    case "open":
      await openEngine(message.engine);
      tell({ kind: "opened" });
      break;
    case "enter": {
      const network = typeof message.network === "string" ? await fetched(message.network) : message.network;
      arena?.end();
      let told = 0;
      arena = Arena.of(network, (share) => {
        if (performance.now() - told < BREATH) return;
        told = performance.now();
        tell({ kind: "measuring", share });
      });
      tell({ kind: "entered", view: arena.view });
      tell({ kind: "stands", footing: arena.begin() });
      break;
    }
    case "begin":
      if (arena) tell({ kind: "stands", footing: arena.begin() });
      break;
    case "step":
      if (arena) tell({ kind: "stands", footing: arena.step(message.way) });
      break;
  }
}

/** Messages are answered one after the other, though some have to wait for the engine or for a file. */
let last = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<ToWalker>) => {
  last = last
    .then(() => answer(data))
    .catch((error: unknown) => {
      tell({ kind: "failed", sentence: (error as Error).message.split("\n")[0]! });
    });
};
