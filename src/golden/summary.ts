import type { Expected, ExpectedModule } from "./expected.ts";
import { hasEmerged, isGridModule } from "./emergence.ts";
import type { GoldenModel } from "./models.ts";

/** Lines of metrics that the final losses are averaged over. */
const LAST_LINES = 10;

/** The head of the table of golden models, in Markdown. */
export const SUMMARY_HEAD = [
  "| model | total | Sep | Inv | Cap | ConIso | modules: units, spacing, angle, gridness | lattices | grid modules | in modules |",
  "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |",
];

/** A golden model's row: mean losses of its last thousand steps, its modules, and whether grid modules emerged. */
export function summaryRow({ name, metrics }: Pick<GoldenModel, "name" | "metrics">, expected: Expected): string {
  const last = metrics.slice(-LAST_LINES);
  const mean = (key: "total" | "sep" | "inv" | "cap" | "con"): string =>
    (last.reduce((sum, line) => sum + line[key], 0) / last.length).toFixed(4);
  const { active, inModules, modules, lattices, gridModules } = expected;
  const share = active === 0 ? 0 : inModules / active;
  const emerged = hasEmerged(gridModules, share);
  const cells = [
    name,
    ...(["total", "sep", "inv", "cap", "con"] as const).map(mean),
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
