/** The line before and the line after a generated block of a Markdown page. */
function markers(name: string, command: string): [string, string] {
  return [`<!-- ${name}: made by \`${command}\`, not by hand -->`, `<!-- end of ${name} -->`];
}

/**
 * A Markdown page with new lines between the two markers of a generated block.
 * Throws an Error where the page lacks the markers.
 */
export function withGeneratedBlock(page: string, name: string, command: string, lines: readonly string[]): string {
  const [start, end] = markers(name, command);
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no block ${name}; expected the lines ${start} and ${end}`);
  return `${page.slice(0, from)}${start}\n\n${lines.join("\n")}\n\n${page.slice(to)}`;
}
