import * as Plot from "@observablehq/plot";
import type { FigureOf } from "../../claims/claim.ts";
import { seriesStyle } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { plot } from "../plot.ts";

/** The number of bars that are drawn of each series. Long bars matter most. */
const MOST = 20;

/** Height of a bar with its gap, and of the axis, in CSS pixels. */
const BAR = 6;
const REST = 60;

interface Bar {
  y: number;
  from: number;
  to: number;
  endless: boolean;
}

/** The bars of each series, longest first. Above them stands the longest bar of the null, if there is one. */
export function barcode({ series, nullLengths }: FigureOf<"barcode">): Html {
  const deaths = series.flatMap(({ bars }) => bars.flat()).filter((x) => x !== null);
  const end = 1.04 * deaths.reduce((p, q) => Math.max(p, q), 0) || 1;
  const length = ([birth, death]: [number, number | null]): number => (death ?? Infinity) - birth;
  let y = 0;
  const panels = series.map(({ label, bars }, place) => {
    const longest = bars
      .map((bar, k) => ({ bar, k }))
      .sort((p, q) => compare(length(q.bar), length(p.bar)) || p.k - q.k)
      .slice(0, MOST)
      .map(({ bar }) => bar);
    const heading = {
      y: y + 1,
      label: `${label}${bars.length > MOST ? `, the longest ${MOST} of ${bars.length}` : ""}`,
    };
    y += 3;
    const nothing = nullLengths?.[place];
    const start = longest[0]?.[0] ?? 0;
    const null_: Bar[] =
      nothing === undefined ? [] : [{ y: y++, from: start, to: Math.min(end, start + nothing), endless: false }];
    const drawn = longest.map(([birth, death]): Bar => ({
      y: y++,
      from: birth,
      to: death ?? end,
      endless: death === null,
    }));
    y += 1;
    return { heading, null_, drawn, colour: seriesStyle(place).colour };
  });
  const bar = { y: "y", x1: "from", x2: "to" };
  const picture = plot(
    `Barcode: ${series.map(({ label, bars }) => `${label} ${bars.length} bars`).join(", ")}; the longest: ${series
      .map(({ bars }) => longestOf(bars.map(length)))
      .join(", ")}`,
    {
      height: REST + BAR * y,
      marginLeft: 14,
      x: { domain: [0, end], label: "scale" },
      y: { domain: [0, y], reverse: true, axis: null },
      marks: [
        Plot.frame({ strokeOpacity: 0.3 }),
        ...panels.flatMap(({ heading, null_, drawn, colour }) => [
          Plot.text([heading], { x: 0, y: "y", text: "label", textAnchor: "start", dx: 4, fill: "currentColor" }),
          Plot.ruleY(null_, { ...bar, stroke: "var(--null)", strokeWidth: 5 }),
          Plot.ruleY(drawn, { ...bar, stroke: colour, strokeWidth: 3 }),
          Plot.dot(
            drawn.filter(({ endless }) => endless),
            { x: "to", y: "y", symbol: "triangle", rotate: 90, r: 4, fill: colour },
          ),
        ]),
      ],
    },
  );
  return html`${picture}
    <p class="note">
      ${nullLengths ? "Grey, above each group's longest bar: the longest bar of the null. " : ""}A bar with an arrow
      never ends.
    </p>`;
}

function compare(p: number, q: number): number {
  return p === q ? 0 : p < q ? -1 : 1;
}

function longestOf(lengths: readonly number[]): string {
  const longest = lengths.reduce((p, q) => Math.max(p, q), 0);
  return longest === Infinity ? "endless" : longest.toPrecision(3);
}
