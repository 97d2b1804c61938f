import { nested } from "../../src/synthetic/maps.ts";
import { POPULATIONS } from "./toolbox-maps.ts";

/** Prints the maps that are compared with other toolboxes as JSON, with null in bins that were not visited. */
process.stdout.write(JSON.stringify(POPULATIONS.map(({ name, maps }) => ({ name, maps: maps.map(nested) }))));
