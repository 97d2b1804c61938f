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

const TERMS = ["total", "sep", "inv", "cap", "con"] as const;

/** The total and its terms, averaged over the last lines of metrics: a thousand steps. */
export function closingLosses(metrics: GoldenModel["metrics"]): Record<(typeof TERMS)[number], number> {
  const last = metrics.slice(-LAST_LINES);
  const mean = (term: (typeof TERMS)[number]): number => last.reduce((sum, line) => sum + line[term], 0) / last.length;
  return { total: mean("total"), sep: mean("sep"), inv: mean("inv"), cap: mean("cap"), con: mean("con") };
}

/** A golden model's row: mean losses of its last thousand steps, its modules, and whether grid modules emerged. */
export function summaryRow({ name, metrics }: Pick<GoldenModel, "name" | "metrics">, expected: Expected): string {
  const losses = closingLosses(metrics);
  const { active, inModules, modules, lattices, gridModules } = expected;
  const share = active === 0 ? 0 : inModules / active;
  const emerged = hasEmerged(gridModules, share);
  const cells = [
    name,
    ...TERMS.map((term) => losses[term].toFixed(4)),
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
