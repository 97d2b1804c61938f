/** Markup that may go into a page as it is; everything else is text and is escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template takes: markup as it is, text and numbers escaped, lists part by part. */
export type Part = Html | string | number | readonly Part[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as markup that shows it, between tags or in a quoted attribute. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function render(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  return part.map(render).join("");
}

/** A template tag: html`<p>${text}</p>` escapes every value that is not Html itself. Indentation of the template is left out. */
export function html(literals: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = literals.map((literal) => literal.replace(/\n\s*/g, "\n"));
  return new Html(parts.map((part, i) => part + (i < values.length ? render(values[i]!) : "")).join(""));
}
