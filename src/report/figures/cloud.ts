import type { FigureOf } from "../../claims/claim.ts";
import { cyclic } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { thinned } from "../thinned.ts";
import { dotRadius, FIRST_VIEW, seen } from "../rotation.ts";
import { mean } from "../../statistics/statistics.ts";

/** The number of dots that are drawn. More would turn slowly. */
const MOST = 2500;

/**
 * Points in space as dots, the nearest one last. The script of the page turns them. Without it and on paper they do not
 * move.
 */
export function cloud({ points, colours }: FigureOf<"cloud">): Html {
  const unit = centred(points).map((point, k) => ({ point, colour: cyclic(colours[k]!) }));
  const dots = thinned(unit, MOST)
    .map(({ point, colour }) => ({ point, colour, ...seen(point, FIRST_VIEW) }))
    .sort((p, q) => p.depth - q.depth);
  const hint = "Drag it, or press the arrow keys, to turn it.";
  const left = points.length > MOST ? `At most ${MOST} points are drawn, evenly taken; all are in claims.json.` : "";
  return html`<svg
      class="plot cloud"
      viewBox="-1.05 -1.05 2.1 2.1"
      role="img"
      aria-label="Cloud of ${points.length} points in space. ${hint}"
      tabindex="0"
    >
      ${dots.map(
        ({ point, colour, x, y, depth }) =>
          html`<circle
            data-at="${point.map(short).join(" ")}"
            cx="${short(x)}"
            cy="${short(y)}"
            r="${short(dotRadius(depth))}"
            fill="${colour}"
          />`,
      )}
    </svg>
    <p class="note">${hint} ${left}</p>`;
}

/** The points about their mean, the farthest at distance 1. */
function centred(points: readonly [number, number, number][]): [number, number, number][] {
  const centre = ([0, 1, 2] as const).map((k) => mean(points.map((point) => point[k])));
  const moved = points.map((point) => point.map((x, k) => x - centre[k]!) as [number, number, number]);
  const farthest = moved.reduce((most, point) => Math.max(most, Math.hypot(...point)), 0) || 1;
  return moved.map((point) => point.map((x) => x / farthest) as [number, number, number]);
}

function short(x: number): string {
  return String(+x.toFixed(3));
}
