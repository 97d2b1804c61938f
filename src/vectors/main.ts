/** `npm run golden:vectors`: writes golden/vectors anew, with the part of its README.md that the operations' declarations make. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeAtomically } from "../io/files.ts";
import { goldenVectors } from "../port/vectors.ts";
import { withGlossary } from "./glossary.ts";
import { vectorFiles } from "./make.ts";

// Each file is replaced whole, and a schema without an operation goes last, so that a run that is stopped leaves no hole.
const schemas = `${goldenVectors}schemas`;
mkdirSync(schemas, { recursive: true });
const files = new Map(vectorFiles());
for (const [name, content] of files) {
  writeAtomically(goldenVectors + name, content);
  console.log(`golden/vectors/${name}: ${content.length} characters`);
}
for (const name of readdirSync(schemas)) if (!files.has(`schemas/${name}`)) rmSync(`${schemas}/${name}`);
const readme = `${goldenVectors}README.md`;
writeAtomically(readme, withGlossary(readFileSync(readme, "utf8")));
