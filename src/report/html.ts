/** Markup that goes into a page as it is. Everything else is text and is escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/**
 * The values of a template. Markup stays as it is, text and numbers are escaped, and the entries of a list follow one
 * another.
 */
export type Part = Html | string | number | readonly Part[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as markup that shows this text, between tags or in a quoted attribute. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function render(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  return part.map(render).join("");
}

/**
 * A template tag. html`<p>${text}</p>` escapes every value that is not Html itself. The indentation of the template is
 * left out.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = literals.map((literal) => literal.replace(/\n\s*/g, "\n"));
  return new Html(parts.map((part, i) => part + (i < values.length ? render(values[i]!) : "")).join(""));
}
