/**
 * Characters that move the cursor, hide text, turn its direction or end a line. Text from outside must not bring them
 * to a terminal.
 */

const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text from outside on one line, without characters that act on a terminal, cut to `most` characters. */
export function plain(text: string, most = 200): string {
  const short = text.length > most ? `${text.slice(0, most - 3)}...` : text;
  return short.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Any value in a few characters, however large or deeply nested it is. */
export function brief(value: unknown, most = 40): string {
  return plain(written(value, 4), most);
}

function written(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 200));
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === 0) return "...";
  if (Array.isArray(value))
    return `[${value
      .slice(0, 20)
      .map((entry) => written(entry, depth - 1))
      .join(",")}]`;
  const entries = Object.entries(value).slice(0, 20);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key.slice(0, 60))}:${written(entry, depth - 1)}`).join(",")}}`;
}
