/** `npm run golden:vectors`: writes golden/vectors anew. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { vectorFiles } from "./make.ts";

const folder = fileURLToPath(new URL("../../golden/vectors/", import.meta.url));
for (const [name, content] of vectorFiles()) {
  writeFileSync(folder + name, content);
  console.log(`golden/vectors/${name}: ${content.length} characters`);
}
