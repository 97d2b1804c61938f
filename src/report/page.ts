import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Finding, Table, Verdict } from "../claims/claim.ts";
import type { Glance } from "../claims/glance.ts";
import { figureHtml } from "./figure.ts";
import { html, Html } from "./html.ts";
import { numbersJson } from "./claims-json.ts";
import { pageScript } from "./script.ts";
import { tableHtml } from "./html-table.ts";
import { tally } from "./verdict-table.ts";

const PAPER = "https://arxiv.org/abs/2311.02316";

/** A sign beside each verdict, so that the verdicts can be told apart without colour. */
const SIGNS: Record<Verdict, string> = { holds: "●", fails: "✕", "not decided": "○" };

/**
 * The findings as one HTML file that needs nothing else. It shows one network at a glance, the table of verdicts, and a
 * section for each claim. The same findings give the same bytes.
 * @throws Error if two claims or two figures have the same name
 */
export function page(findings: readonly Finding[], first?: Glance): string {
  const figures = [...(first?.figures ?? []), ...findings.flatMap((finding) => finding.figures)];
  assertUnique([...findings.map(({ number }) => number), ...figures.map(({ id }) => id)]);
  const style = readFileSync(new URL("./page.css", import.meta.url), "utf8");
  const script = pageScript();
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${hash(script)}'`;
  const numbers = Buffer.from(numbersJson(findings, first)).toString("base64");
  const markup = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>SIC: the claims, checked</title>
        <link rel="icon" href="data:," />
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>Self-supervised grid cells: the claims, checked</h1>
          <p>
            These are the claims of <a href="${PAPER}">Schaeffer et al. (NeurIPS 2023)</a> about SIC, measured on
            networks that were trained with this project: ${tally(findings)}. The rule of each claim takes its verdict
            from the numbers in its section. No verdict is written by hand. Every figure names the model, the seed and
            the command that made it.
          </p>
          <p class="screen">
            <a class="download" download="claims-numbers.json" href="data:application/json;base64,${numbers}"
              >Download the numbers (JSON)</a
            >
            The pixels of maps are in <code>claims.json</code>, which was written beside this page.
          </p>
        </header>
        <main>
          ${first ? glanceSection(first) : []}
          <section aria-labelledby="verdicts">
            <h2 id="verdicts">Verdicts</h2>
            ${verdictTable(findings)}
          </section>
          ${findings.map(section)}
        </main>
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html> `;
  return markup.markup;
}

function glanceSection({ text, figures }: Glance): Html {
  return html`<section class="glance" aria-labelledby="glance">
    <h2 id="glance">One network at a glance</h2>
    <p>${text}</p>
    <div class="figures">${figures.map(figureHtml)}</div>
  </section>`;
}

function verdictTable(findings: readonly Finding[]): Html {
  return html`<div class="scroll" role="region" aria-label="Verdicts" tabindex="0">
    <table class="verdicts">
      <thead>
        <tr>
          <th scope="col">Claim</th>
          <th scope="col">Verdict</th>
          <th scope="col">Decided by</th>
        </tr>
      </thead>
      <tbody>
        ${findings.map(
          ({ number, title, verdict, reason }) =>
            html`<tr>
              <th scope="row"><a href="#${number}">${number} ${title}</a></th>
              <td>${verdictHtml(verdict)}</td>
              <td>${reason}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function verdictHtml(verdict: Verdict): Html {
  return html`<strong class="verdict ${verdict.replace(" ", "-")}"
    ><span aria-hidden="true">${SIGNS[verdict]}</span> ${verdict}</strong
  >`;
}

function section(finding: Finding): Html {
  const { number, title, statement, source, verdict, reason, rule, deciding, evidence, figures } = finding;
  const [first, ...others] = figures;
  return html`
    <section class="claim" aria-labelledby="${number}">
      <h2 id="${number}">${number} ${title} ${verdictHtml(verdict)}</h2>
      <dl>
        <dt>The paper</dt>
        <dd>${statement} <cite>${source}</cite></dd>
        <dt>Found</dt>
        <dd>${reason}</dd>
        <dt>Rule</dt>
        <dd>${rule}</dd>
      </dl>
      <div class="decision">
        <div>
          <h3>What decided</h3>
          ${tableHtml(`What decided ${number}`, decidingTable(deciding))}
        </div>
        ${first ? figureHtml(first) : []}
      </div>
      <details>
        <summary>${folded(finding)}</summary>
        <div class="tables">
          <div>
            <h3>Evidence</h3>
            ${tableHtml(`Evidence of ${number}`, evidence)}
          </div>
          ${
            finding.null === null
              ? []
              : html`<div>
                  <h3>Null or ablation</h3>
                  ${tableHtml(`Null or ablation of ${number}`, finding.null)}
                </div>`
          }
        </div>
        ${
          others.length === 0
            ? []
            : html`<h3>More figures</h3>
                <div class="figures">${others.map(figureHtml)}</div>`
        }
      </details>
      <p class="screen"><a href="#verdicts">Back to the verdicts</a></p>
    </section>
  `;
}

/** The title of the part that is folded away below a claim. */
function folded({ null: nothing, figures }: Finding): string {
  const more = figures.length - 1;
  const tables = nothing === null ? "The evidence" : "The evidence and the null";
  return more > 0 ? `${tables}, and ${more} more ${more === 1 ? "figure" : "figures"}` : tables;
}

function decidingTable(deciding: Finding["deciding"]): Table {
  return {
    columns: ["number", "value", "limit"],
    rows: deciding.map(({ what, value, limit }) => [what, value, limit]),
  };
}

function hash(script: string): string {
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}

function assertUnique(names: readonly string[]): void {
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined) throw new Error(`two claims or figures are called "${repeated}"; expected one name each`);
}
