import type { Cell, Table } from "../claims/claim.ts";
import { html, type Html } from "./html.ts";
import { cellText, MISSING } from "./format-number.ts";

/** A table that scrolls in its own box if it is wider than the page. Columns of numbers are aligned to the right. */
export function tableHtml(name: string, { columns, rows }: Table): Html {
  const numeric = columns.map((_, column) => rows.every((row) => typeof (row[column] ?? 0) === "number"));
  const align = (column: number): string => (numeric[column] ? "number" : "text");
  const cell = (value: Cell, column: number): Html => {
    const shown = value === null ? html`<span title="no value">${MISSING}</span>` : cellText(value);
    return html`<td class="${align(column)}">${shown}</td>`;
  };
  const nothing = html`<tr>
    <td colspan="${columns.length}">nothing was measured</td>
  </tr>`;
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column, k) => html`<th scope="col" class="${align(k)}">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${
          rows.length === 0
            ? nothing
            : rows.map(
                (row) =>
                  html`<tr>
                    ${row.map(cell)}
                  </tr>`,
              )
        }
      </tbody>
    </table>
  </div>`;
}
