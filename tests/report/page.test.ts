import { createHash } from "node:crypto";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { Figure, Finding } from "../../src/claims/claim.ts";
import { claimsJson, numbersJson } from "../../src/report/claims-json.ts";
import { page } from "../../src/report/page.ts";
import { barcode, cloud, empty, everyKind, finding, FINDINGS, HOSTILE, hostile, lines } from "./synthetic.ts";

const parsed = (findings: readonly Finding[]): Document => parseHTML(page(findings)).document;

/** The downloadable numbers of a page. */
function embedded(document: Document): string {
  const [, data] = document.querySelector("a[download]")!.getAttribute("href")!.split("base64,");
  return Buffer.from(data!, "base64").toString("utf8");
}

describe("the page", () => {
  const document = parsed(FINDINGS);

  // Kills: a claim or a part of it left out, a null table shown where there is none.
  test.each(FINDINGS)("has all parts of claim $number", (claim) => {
    const section = document.getElementById(claim.number)!.closest("section")!;
    for (const text of [claim.title, claim.verdict, claim.statement, claim.source, claim.reason, claim.rule])
      expect(section.textContent).toContain(text);
    expect(section.querySelectorAll("details table")).toHaveLength(claim.null === null ? 1 : 2);
    expect([...section.querySelectorAll("figure")].map(({ id }) => id)).toEqual(claim.figures.map(({ id }) => id));
  });

  // Kills: a number that decided left out or folded away, all figures shown or all folded.
  test.each(FINDINGS)("shows what decided claim $number and its first figure, and folds the rest", (claim) => {
    const section = document.getElementById(claim.number)!.closest("section")!;
    const rows = [...section.querySelectorAll(".decision tbody tr")].map((row) =>
      row.textContent.replaceAll(/\s+/g, " "),
    );
    expect(rows).toHaveLength(Math.max(1, claim.deciding.length));
    claim.deciding.forEach(({ what }, k) => {
      expect(rows[k]).toContain(what);
    });
    const folded = [...section.querySelectorAll("details figure")].map(({ id }) => id);
    expect(folded).toEqual(claim.figures.slice(1).map(({ id }) => id));
  });

  // Kills: verdicts in another order than the claims, links to nowhere, a verdict without its reason.
  test("begins with the verdict table", () => {
    expect(document.querySelector("table")!.className).toBe("verdicts");
    const rows = [...document.querySelectorAll(".verdicts tbody tr")];
    expect(rows.map((row) => row.querySelector("a")!.getAttribute("href"))).toEqual(
      FINDINGS.map(({ number }) => `#${number}`),
    );
    rows.forEach((row, k) => {
      const { title, verdict, reason } = FINDINGS[k]!;
      for (const text of [title, verdict, reason]) expect(row.textContent).toContain(text);
    });
    expect(document.querySelector("header")!.textContent).toContain("of 4 claims 1 hold, 1 fail, 2 are not decided");
  });

  // Kills: the network after the verdicts, its figures or its numbers left out, an empty section where there is none.
  test("opens with one network at a glance where there is one", () => {
    const first = { model: "seed-3", seed: 3, text: "It has two modules.", figures: [cloud, barcode] };
    const opened = parseHTML(page([finding({})], first)).document;
    const [section, next] = [...opened.querySelectorAll("main > section")];
    expect(section!.textContent).toContain(first.text);
    expect([...section!.querySelectorAll("figure")].map(({ id }) => id)).toEqual(["cloud", "barcode"]);
    expect(next!.querySelector("#verdicts")).not.toBeNull();
    const numbers = JSON.parse(embedded(opened)) as { glance: typeof first };
    expect(numbers.glance.figures.map(({ id }) => id)).toEqual(["cloud", "barcode"]);
    expect(document.querySelector("#glance")).toBeNull();
    expect(() => page([finding({ figures: [cloud] })], first)).toThrow('two claims or figures are called "cloud"');
  });

  // Kills: a figure without what made it; a null seed shown as "null".
  test("says of every figure which model, seed and command made it", () => {
    const figures: Figure[] = [
      lines,
      { ...lines, id: "all", model: "seed-0, seed-1", seed: null, command: "npm run all" },
    ];
    const [one, all] = parsed([finding({ figures })]).querySelectorAll(".made");
    expect(one!.textContent).toBe("model seed-3, seed 3: npm run claims -- --only C1");
    expect(all!.textContent).toBe("model seed-0, seed-1, no single seed: npm run all");
  });

  // Kills: seventeen digits in a cell, "null" in one, numbers set like words.
  test("shows numbers of tables to four digits, and a dash where there is none", () => {
    const evidence = {
      columns: ["a", "b"],
      rows: [
        [1.23456789, "x"],
        [null, [1.23456789, null, "y"]],
        [2, true],
      ],
    };
    const cells = [...parsed([finding({ evidence, null: null })]).querySelectorAll("details td")];
    expect(cells.map((cell) => cell.textContent)).toEqual(["1.235", "x", "–", "1.235, –, y", "2", "yes"]);
    expect(cells.map(({ className }) => className)).toEqual(["number", "text", "number", "text", "number", "text"]);
  });

  // Kills: any text that gets into the page unescaped, in markup, in attributes or in Plot's SVG.
  test("shows hostile text as text", () => {
    const figures = [...everyKind, ...empty];
    const claim = hostile(finding({ figures }));
    const attacked = parsed([claim]);
    expect(attacked.querySelectorAll("script")).toHaveLength(1);
    expect(attacked.querySelectorAll("[onerror], [onload]")).toHaveLength(0);
    expect(attacked.querySelectorAll("img:not([src^='data:image/png'])")).toHaveLength(0);
    expect(attacked.querySelectorAll("figcaption p:first-child")[0]!.textContent).toBe(HOSTILE);
    expect(attacked.querySelectorAll("figure")).toHaveLength(figures.length);
  });

  // Kills: an address that a browser would fetch, a script that the policy does not let run.
  test("needs nothing but itself", () => {
    const addresses = [...document.querySelectorAll("[src], [href], image")].flatMap((element) =>
      ["src", "href", "xlink:href"].flatMap((name) => element.getAttribute(name) ?? []),
    );
    const outside = addresses.filter((address) => !/^(data:|#)/.test(address));
    expect(outside).toEqual(["https://arxiv.org/abs/2311.02316"]);
    expect(document.querySelector("style")!.textContent).not.toMatch(/url\(|@import/);
    const script = document.querySelector("script")!.textContent;
    const hash = createHash("sha256").update(script).digest("base64");
    const policy = document.querySelector("meta[http-equiv]")!.getAttribute("content");
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
  });

  // Kills: a date, a counter or a random name in the page.
  test("is the same, byte for byte, for the same findings", () => {
    expect(page(FINDINGS)).toBe(page(FINDINGS));
  });

  // Kills: anchors that hit the wrong figure.
  test("refuses two figures or claims of one name", () => {
    expect(() => page([finding({ figures: [lines, lines] })])).toThrow('two claims or figures are called "lines"');
    expect(() => page([finding({}), finding({})])).toThrow('two claims or figures are called "C1"');
  });

  // Kills: pixels in the page's own numbers, numbers of one download that the other has not, lost digits of the tables.
  test("carries the numbers as JSON", () => {
    expect(embedded(document)).toBe(numbersJson(FINDINGS));
    const all = JSON.parse(claimsJson(FINDINGS)) as { format: string; findings: Finding[] };
    const numbers = JSON.parse(numbersJson(FINDINGS)) as typeof all;
    expect(all.format).toBe("sic-claims-2");
    expect(all.findings.map(({ evidence }) => evidence)).toEqual(FINDINGS.map(({ evidence }) => evidence));
    const [, histograms] = all.findings[0]!.figures as [Figure, Figure & { kind: "histogram" }];
    expect(histograms.series[1]!.values).toHaveLength(40);
    for (const value of histograms.series[1]!.values) expect(Number(value.toPrecision(4))).toBe(value);
    expect(numbers.findings[0]!.figures[1]).toEqual(histograms);
    const grids = (claims: typeof all): unknown[] => {
      const [picture] = claims.findings[1]!.figures as [Figure & { kind: "image" }];
      const [rates] = claims.findings[0]!.figures as [Figure & { kind: "maps" }];
      return [picture.values, rates.rows[0]!.maps[0]!.values];
    };
    expect(grids(all).map((grid) => Array.isArray(grid))).toEqual([true, true]);
    expect(grids(numbers).map((grid) => Array.isArray(grid))).toEqual([false, false]);
  });

  // Kills: Plot's warnings on a figure, NaN among its coordinates.
  test("draws without complaint", () => {
    const shown = page(FINDINGS).replaceAll(/base64,[\w+/=]*/g, "");
    expect(/.{20}(⚠|NaN|undefined).{20}/.exec(shown)?.[0]).toBeUndefined();
  });

  // Kills: a heading level that is skipped, a figure or a table that says nothing to those who cannot see it.
  test("can be read without seeing it", () => {
    const levels = [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName[1]));
    levels.forEach((level, k) => {
      expect(level - (levels[k - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    for (const picture of document.querySelectorAll("img")) expect(picture.getAttribute("alt")).toBeTruthy();
    for (const plot of document.querySelectorAll("svg:not([aria-hidden])")) {
      expect(plot.getAttribute("role")).toBe("img");
      expect(plot.getAttribute("aria-label")!.length).toBeGreaterThan(10);
    }
    for (const box of document.querySelectorAll(".scroll")) expect(box.getAttribute("aria-label")).toBeTruthy();
  });

  // Kills: an exception where an untrained network left nothing to draw.
  test("says so where there is nothing to draw", () => {
    const nothing = [...document.querySelectorAll(".nothing")].map(({ textContent }) => textContent);
    expect(nothing).toEqual(
      ["maps", "values", "points", "points", "values", "points", "bars"].map(
        (what) => `Nothing to draw: there are no ${what}.`,
      ),
    );
    expect(document.getElementById("C6")!.closest("section")!.textContent).toContain("nothing was measured");
  });
});
