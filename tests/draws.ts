import fc from "fast-check";

/** With SIC_DRAWS set, property tests draw from that seed, so that a run can be repeated; without it they draw anew each time. */
const seed = process.env["SIC_DRAWS"];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
