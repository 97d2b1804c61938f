// Runs in the page and turns the clouds of points. Nothing else on the page needs a script.
import { dotRadius, FIRST_VIEW, seen } from "../rotation.ts";

/** Radians for each pixel of a drag, and for each press of an arrow key. */
const DRAG = 0.01;
const PRESS = 0.15;

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-PRESS, 0],
  ArrowRight: [PRESS, 0],
  ArrowUp: [0, -PRESS],
  ArrowDown: [0, PRESS],
};

/** Lets the pointer and the arrow keys turn a cloud. */
function turnable(cloud: SVGSVGElement): void {
  const dots = [...cloud.querySelectorAll("circle")].map((dot) => ({
    dot,
    point: dot.dataset["at"]!.split(" ").map(Number) as [number, number, number],
  }));
  const view = { ...FIRST_VIEW };
  let pending = false;

  function turnBy(yaw: number, pitch: number): void {
    view.yaw += yaw;
    view.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, view.pitch + pitch));
    if (pending) return;
    pending = true;
    requestAnimationFrame(redraw);
  }

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

  cloud.addEventListener("pointerdown", ({ pointerId }) => {
    cloud.setPointerCapture(pointerId);
  });
  cloud.addEventListener("pointermove", ({ pointerId, movementX, movementY }) => {
    if (cloud.hasPointerCapture(pointerId)) turnBy(DRAG * movementX, DRAG * movementY);
  });
  cloud.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    turnBy(...arrow);
  });
}

for (const cloud of document.querySelectorAll<SVGSVGElement>("svg.cloud")) turnable(cloud);
