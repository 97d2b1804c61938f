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

/**
 * Rows of cells as the lines of a Markdown table, padded as Prettier pads them. The first row is the head.
 * @param left which columns are aligned to the left; the others are to the right
 */
export function markdownTable(
  rows: readonly (readonly string[])[],
  left: (column: number) => boolean = (column) => column === 0,
): string[] {
  const head = rows[0] ?? [];
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (row: readonly string[]): string =>
    markdownLine(
      row.map((cell, column) => (left(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))),
    );
  const rule = widths.map((width, column) => (left(column) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [padded(head), markdownLine(rule), ...rows.slice(1).map(padded)];
}

/** One line of a Markdown table. */
export function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
