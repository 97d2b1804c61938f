// Runs in the page and turns the clouds of points. Nothing else on the page needs a script.
import { dotRadius, seen } from "../rotation.ts";
import { turnedByHand } from "./turning.ts";

/** Lets the pointer and the arrow keys turn a cloud. */
function turnable(cloud: SVGSVGElement): void {
  const dots = [...cloud.querySelectorAll("circle")].map((dot) => ({
    dot,
    point: dot.dataset["at"]!.split(" ").map(Number) as [number, number, number],
  }));
  let pending = false;
  const view = turnedByHand(cloud, () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(redraw);
  });

  function redraw(): void {
    pending = false;
    const turned = dots.map(({ dot, point }) => ({ dot, ...seen(point, view) })).sort((p, q) => p.depth - q.depth);
    for (const { dot, x, y, depth } of turned) {
      dot.setAttribute("cx", x.toFixed(3));
      dot.setAttribute("cy", y.toFixed(3));
      dot.setAttribute("r", dotRadius(depth).toFixed(3));
    }
    cloud.append(...turned.map(({ dot }) => dot));
  }
}

for (const cloud of document.querySelectorAll<SVGSVGElement>("svg.cloud")) turnable(cloud);
