// L4 and its way back: a task for each trajectory.

import { address, bytes, real, size } from "./threads";
import { addDifference, squareOfDifference } from "./states";

/** Distances of at most this count as zero, as in src/model/losses.ts, where the square of it stands. */
const SMALLEST_DISTANCE: f32 = 1.000001e-15;

/** ||g_t - g_{t-1}|| / ||v_t|| on trajectory `b`, [B, T]; 0 where a speed is outside of L4's two speeds. */
export function ratiosTask(b: i32): void {
  const timesteps = size(0);
  const trajectories = size(1);
  const units = size(2);
  const states = address(3); // [T, B, N]
  const initial = address(4);
  const order = address(5); // [B, T]
  const inverseSpeeds = address(6); // [K]: 1 / ||v||, or 0 outside
  const ratios = address(7);
  const row = bytes(units);
  let before = initial;
  for (let t = 0; t < timesteps; t++) {
    const g = states + <usize>(t * trajectories + b) * row;
    const place = bytes(b * timesteps + t);
    const inverse = load<f32>(inverseSpeeds + bytes(load<i32>(order + place)));
    store<f32>(
      ratios + place,
      inverse > 0 ? max(sqrt<f32>(squareOfDifference(g, before, units)), SMALLEST_DISTANCE) * inverse : 0,
    );
    before = g;
  }
}

/**
 * Adds L4's gradient to that of the states on trajectory `b`, [T, B, N], and gives the one that reaches g_0, [B, N]. With
 * r the ratio at a step and `factor` twice lambda over their number, the distance d has the slope factor (r - mean) / ||v||.
 */
export function isometryBackTask(b: i32): void {
  const timesteps = size(0);
  const trajectories = size(1);
  const units = size(2);
  const states = address(3);
  const initial = address(4);
  const order = address(5);
  const inverseSpeeds = address(6);
  const ratios = address(7);
  const middle = real(8); // the mean of the ratios
  const factor = real(9);
  const slopes = address(10);
  const dInitial = address(11);
  const row = bytes(units);
  let before = initial;
  let slopeBefore = dInitial + <usize>b * row;
  memory.fill(slopeBefore, 0, row);
  for (let t = 0; t < timesteps; t++) {
    const at = <usize>(t * trajectories + b) * row;
    const place = bytes(b * timesteps + t);
    const inverse = load<f32>(inverseSpeeds + bytes(load<i32>(order + place)));
    const ratio = load<f32>(ratios + place);
    if (inverse > 0 && ratio > SMALLEST_DISTANCE * inverse) {
      const share = (factor * (ratio - middle) * inverse * inverse) / ratio;
      addDifference(states + at, before, share, slopes + at, units);
      addDifference(before, states + at, share, slopeBefore, units);
    }
    before = states + at;
    slopeBefore = slopes + at;
  }
}
