import type { Report, Result } from "./conform.ts";
import { isFailure } from "./verdict.ts";

/**
 * P10: the report as JUnit XML, which CI servers show. It has a suite for each requirement and a case for each check.
 */
export function junit({ results, hello }: Report, titles: Map<string, string>): string {
  const numbers = [...new Set(results.map(({ requirement }) => requirement))];
  const suites = numbers.map((number) => {
    const group = results.filter(({ requirement }) => requirement === number);
    const failures = group.filter(isFailure).length;
    const skipped = group.filter((one) => !isFailure(one) && one.kind !== "pass").length;
    const name = escaped(`${number} ${titles.get(number) ?? ""}`.trim());
    const counts = `tests="${group.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
    return `  <testsuite name="${name}" ${counts}>\n${group.map(testCase).join("\n")}\n  </testsuite>`;
  });
  const name = escaped(hello ? `${hello.name} (${hello.language})` : "a port that did not answer hello");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}">\n${suites.join("\n")}\n</testsuites>\n`;
}

function testCase(result: Result): string {
  const { requirement, title, kind, message, looksLike = [] } = result;
  const open = `    <testcase classname="${requirement}" name="${escaped(title)}"`;
  if (kind === "pass") return `${open} />`;
  if (!isFailure(result)) return `${open}><skipped message="${escaped(`${kind}: ${message}`)}" /></testcase>`;
  const hints = looksLike.map((says) => `looks like: ${says}`).join("\n");
  return `${open}><failure type="${kind}" message="${escaped(message)}">${escaped(hints)}</failure></testcase>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;" };

  return text.replace(/[\u0000-\u0009\u000b-\u001f\ufffe\uffff]/g, "?").replace(/[&<>"\n]/g, (sign) => entities[sign]!);
}
