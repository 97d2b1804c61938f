/** The longest line that a list or an object may take before it is broken. */
const WIDTH = 140;

/** JSON for people: whatever fits on a line stands on one, and everything else is broken and indented by one space. */
export function format(value: unknown, indent = ""): string {
  const flat = spaced(value);
  if (flat.length + indent.length <= WIDTH || typeof value !== "object" || value === null) return flat;
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    return `[\n${value.map((entry) => inner + format(entry, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(
    ([key, entry]) => `${inner}${JSON.stringify(key)}: ${format(entry, inner)}`,
  );
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

/** A value on one line, with a space after each comma and colon. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${spaced(entry)}`);
  return `{ ${entries.join(", ")} }`;
}
