/** Rows of cells as lines of text whose columns are aligned, two spaces apart, without spaces at the end of a line. */
export function textTable(rows: readonly (readonly string[])[], align: "left" | "right" = "left"): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (align === "left" ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Rows of cells as the lines of a Markdown table, the first row its head, all columns aligned to the right but the first. */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const [head = [], ...body] = rows;
  return [
    markdownLine(head),
    markdownLine(head.map((_, column) => (column === 0 ? "---" : "---:"))),
    ...body.map(markdownLine),
  ];
}

/** One line of a Markdown table. */
export function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
