import { FIRST_VIEW, type Turn } from "../rotation.ts";

/** Radians for each pixel of a drag, and for each press of an arrow key. */
const DRAG = 0.01;
const PRESS = 0.15;

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-PRESS, 0],
  ArrowRight: [PRESS, 0],
  ArrowUp: [0, -PRESS],
  ArrowDown: [0, PRESS],
};

/**
 * Lets the pointer and the arrow keys turn the cloud that an element shows.
 * @param redraw called after each turn
 * @returns the rotation, which changes as the cloud is turned
 */
export function turnedByHand(element: HTMLElement | SVGElement, redraw: () => void): Readonly<Turn> {
  const view = { ...FIRST_VIEW };
  const turnBy = (yaw: number, pitch: number): void => {
    view.yaw += yaw;
    view.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, view.pitch + pitch));
    redraw();
  };
  // An element is one or the other, and its events are the same.
  const target = element as HTMLElement;
  target.addEventListener("pointerdown", ({ pointerId }) => {
    target.setPointerCapture(pointerId);
  });
  target.addEventListener("pointermove", ({ pointerId, movementX, movementY }) => {
    if (target.hasPointerCapture(pointerId)) turnBy(DRAG * movementX, DRAG * movementY);
  });
  target.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    turnBy(...arrow);
  });
  return view;
}
