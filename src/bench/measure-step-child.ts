import { openEngine } from "../backend/engines.ts";
import { parseConfig, preset, workload } from "../train/config.ts";
import { measureStep } from "./measure-step.ts";

// One preset, some of its settings changed, on one engine in a process of its own: prints the times as a line of JSON.
// Used by `npm run bench`.
const [name, changes, backend, repeats, tapeRepeats] = process.argv.slice(2);
const config = parseConfig({ ...preset(name!), ...(JSON.parse(changes!) as object) }, "bench");
await openEngine(backend, workload(config));
process.stdout.write(`${JSON.stringify(await measureStep(config, Number(repeats), Number(tapeRepeats)))}\n`);
