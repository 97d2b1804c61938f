import type { Expected, ExpectedModule } from "./expected.ts";
import { hasEmerged, isGridModule } from "../measure/emergence.ts";
import { closingLosses } from "../train/metrics.ts";
import type { GoldenModel } from "./models.ts";

/** The head of the table of golden models, in Markdown. */
export const SUMMARY_HEAD = [
  "| model | steps | total | Sep | Inv | Cap | ConIso | modules: units, spacing, angle, gridness | lattices | grid modules | in modules |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |",
];

/** A golden model's row: its steps and those of attempts rejected before, its closing losses, its modules, and whether grid modules emerged. */
export function summaryRow(
  model: Pick<GoldenModel, "name" | "config" | "metrics" | "rejectedAttempts">,
  expected: Expected,
): string {
  const { name, config, metrics, rejectedAttempts } = model;
  const losses = closingLosses(metrics, config.steps);
  const { active, inModules, modules, lattices, gridModules } = expected;
  const share = active === 0 ? 0 : inModules / active;
  const emerged = hasEmerged(gridModules, share);
  const cells = [
    name,
    [config.steps, ...rejectedAttempts.map(({ steps }) => steps).reverse()].join(" + "),
    ...(["total", "sep", "inv", "cap", "con"] as const).map((term) => losses[term].toFixed(4)),
    modules.map(described).join("; ") || "none",
    String(lattices),
    `${gridModules}${emerged ? ", emerged" : ""}`,
    `${Math.round(100 * share)} % of ${active}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** One module in a few words; a grid module in bold. */
function described(module: ExpectedModule): string {
  const { size, class: kind, spacing, angle, gridness } = module;
  const [a, b] = spacing;
  const lengths = b === null ? a.toFixed(2) : `${a.toFixed(2)} x ${b.toFixed(2)}`;
  const shape = angle === null ? "" : `, ${angle.toFixed(0)}°`;
  const text = `${kind} ${size}, ${lengths} m${shape}, ${gridness === null ? "-" : gridness.toFixed(2)}`;
  return isGridModule(module) ? `**${text}**` : text;
}
