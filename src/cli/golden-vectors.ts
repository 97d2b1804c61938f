import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeAtomically } from "../io/files.ts";
import { goldenVectors } from "../port/vectors.ts";
import { withGlossary } from "../vectors/glossary.ts";
import { vectorFiles } from "../vectors/make.ts";
import { command, main } from "./command.ts";

await main(
  command(
    "golden:vectors",
    "Remakes golden/vectors from the oracle, with the part of its README.md that describes the operations.",
  ).action(() => {
    // Each file is replaced whole, and schemas that no operation has any more go last.
    // A run that is stopped therefore leaves no hole.
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
  }),
);
