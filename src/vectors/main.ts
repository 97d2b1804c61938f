/** `npm run golden:vectors`: writes golden/vectors anew, with the part of its README.md that the operations' declarations make. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { goldenVectors } from "../port/vectors.ts";
import { withGlossary } from "./glossary.ts";
import { vectorFiles } from "./make.ts";

rmSync(`${goldenVectors}schemas`, { recursive: true, force: true });
mkdirSync(`${goldenVectors}schemas`);
for (const [name, content] of vectorFiles()) {
  writeFileSync(goldenVectors + name, content);
  console.log(`golden/vectors/${name}: ${content.length} characters`);
}
const readme = `${goldenVectors}README.md`;
writeFileSync(readme, withGlossary(readFileSync(readme, "utf8")));
