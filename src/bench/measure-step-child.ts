import { openEngine } from "../backend/engines.ts";
import { measureStep } from "./measure-step.ts";
import { preset, workload } from "../train/config.ts";

// One preset on one engine in a process of its own: prints the times as a line of JSON. Used by `npm run bench`.
const [name, backend, repeats, tapeRepeats] = process.argv.slice(2);
const config = preset(name!);
await openEngine(backend, workload(config));
process.stdout.write(`${JSON.stringify(measureStep(config, Number(repeats), Number(tapeRepeats)))}\n`);
