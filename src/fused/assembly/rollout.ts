// N3 repeated, and the way back: a task for each trajectory, and one for each velocity.

import { address, bytes, scratch, size } from "./threads";
import { dot, fourDots, packPanel, PANEL, panelProduct, plainProduct, sumOf, ZEROS } from "./product";
import { addRow } from "./states";

/** Squared norms below this count as zero, as in src/model/network.ts. */
const SMALLEST_SQUARE: f32 = 1e-24;

/** N2: g_0 = Norm(ReLU(gamma)), [N], and the factor of Norm. One task. */
export function initialTask(_task: i32): void {
  const units = size(0);
  const gamma = address(1);
  const to = address(2);
  let square: f32 = 0;
  for (let i = 0; i < units; i++) {
    const z = max<f32>(load<f32>(gamma + bytes(i)), 0);
    store<f32>(to + bytes(i), z);
    square += z * z;
  }
  store<f32>(address(3), normalise(to, square, units));
}

/** Divides a rectified drive by its length, whose square is given; returns the factor. */
function normalise(z: usize, square: f32, units: i32): f32 {
  const scale: f32 = 1 / sqrt<f32>(max<f32>(square, SMALLEST_SQUARE));
  for (let i = 0; i < units; i++) store<f32>(z + bytes(i), load<f32>(z + bytes(i)) * scale);
  return scale;
}

/** N3 for one state: to = Norm(ReLU(W from)); returns the factor of Norm. */
function advance(W: usize, from: usize, to: usize, units: i32): f32 {
  const row = bytes(units);
  const none = f32x4.splat(0);
  let squares = none;
  let i = 0;
  for (; i + 4 <= units; i += 4) {
    const z = f32x4.max(fourDots(from, W, row, units), none);
    v128.store(to + bytes(i), z);
    squares = f32x4.relaxed_madd(z, z, squares);
    W += 4 * row;
  }
  let square = sumOf(squares);
  for (; i < units; i++) {
    const z = max<f32>(dot(from, W, units), 0);
    store<f32>(to + bytes(i), z);
    square += z * z;
    W += row;
  }
  return normalise(to, square, units);
}

/** N4: whether a state is the zero vector. */
function isDead(state: usize, units: i32): bool {
  for (let i = 0; i < units; i++) if (load<f32>(state + bytes(i)) > 0) return false;
  return true;
}

/** N3 for walker `m` under its own matrix: the states after, [M, N], of those before. */
export function stepTask(m: i32): void {
  const units = size(0);
  const at = bytes(m * units);
  advance(address(1) + at * <usize>units, address(2) + at, address(3) + at, units);
}

/** The states [T, B, N] of trajectory `b`, the factor of Norm at each of them [T, B], and how many are dead, [B]. */
export function rolloutTask(b: i32): void {
  const timesteps = size(0);
  const trajectories = size(1);
  const units = size(2);
  const W = address(3);
  const initial = address(4);
  const order = address(5); // [B, T]
  const states = address(6);
  const scales = address(7);
  const row = bytes(units);
  let from = initial;
  let dead = 0;
  for (let t = 0; t < timesteps; t++) {
    const place = t * trajectories + b;
    const taken = load<i32>(order + bytes(b * timesteps + t));
    const to = states + <usize>place * row;
    store<f32>(scales + bytes(place), advance(W + <usize>taken * row * <usize>units, from, to, units));
    dead += isDead(to, units) ? 1 : 0;
    from = to;
  }
  store<i32>(address(8) + bytes(b), dead);
}

/**
 * The gradients delta [T, B, N] that reach W g_{t-1} on trajectory `b`, and the one that reaches g_0, [B, N]:
 * see `rollout` in src/model/network.ts for the three facts that are used.
 */
export function rolloutBackTask(b: i32): void {
  const timesteps = size(0);
  const trajectories = size(1);
  const units = size(2);
  const W = address(3);
  const order = address(4);
  const states = address(5);
  const scales = address(6);
  const outside = address(7); // the gradient of the states, [T, B, N]
  const delta = address(8);
  const initial = address(9);
  const row = bytes(units);
  const carried = initial + <usize>b * row;
  memory.fill(carried, 0, row);
  for (let t = timesteps - 1; t >= 0; t--) {
    const place = t * trajectories + b;
    const g = states + <usize>place * row;
    const dy = outside + <usize>place * row;
    const d = delta + <usize>place * row;
    const scale = load<f32>(scales + bytes(place));
    const along = dot(dy, g, units);
    let active = 0;
    for (let i = 0; i < units; i++) {
      const at = bytes(i);
      const gi = load<f32>(g + at);
      const gated = gi > 0 ? (load<f32>(dy + at) - gi * along + load<f32>(carried + at)) * scale : <f32>0;
      store<f32>(d + at, gated);
      // The rows of W that a gradient reaches, one after the other in the thread's own memory.
      store<i32>(scratch() + bytes(active), i);
      active += gi > 0 ? 1 : 0;
    }
    const taken = load<i32>(order + bytes(b * timesteps + t));
    combineRows(W + <usize>taken * row * <usize>units, d, active, units, carried);
  }
}

/** to = sum of W's rows i times d_i, over the `active` rows i listed in the thread's own memory. */
function combineRows(W: usize, d: usize, active: i32, units: i32, to: usize): void {
  const row = bytes(units);
  let j = 0;
  for (; j + 32 <= units; j += 32) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (let k = 0; k < active; k++) {
      const i = <usize>load<i32>(scratch() + bytes(k));
      const x = v128.load32_splat(d + 4 * i);
      const w = W + i * row + bytes(j);
      s0 = f32x4.relaxed_madd(x, v128.load(w), s0);
      s1 = f32x4.relaxed_madd(x, v128.load(w, 16), s1);
      s2 = f32x4.relaxed_madd(x, v128.load(w, 32), s2);
      s3 = f32x4.relaxed_madd(x, v128.load(w, 48), s3);
      s4 = f32x4.relaxed_madd(x, v128.load(w, 64), s4);
      s5 = f32x4.relaxed_madd(x, v128.load(w, 80), s5);
      s6 = f32x4.relaxed_madd(x, v128.load(w, 96), s6);
      s7 = f32x4.relaxed_madd(x, v128.load(w, 112), s7);
    }
    const place = to + bytes(j);
    v128.store(place, s0);
    v128.store(place, s1, 16);
    v128.store(place, s2, 32);
    v128.store(place, s3, 48);
    v128.store(place, s4, 64);
    v128.store(place, s5, 80);
    v128.store(place, s6, 96);
    v128.store(place, s7, 112);
  }
  for (; j < units; j++) {
    let sum: f32 = 0;
    for (let k = 0; k < active; k++) {
      const i = <usize>load<i32>(scratch() + bytes(k));
      sum += load<f32>(d + 4 * i) * load<f32>(W + i * row + bytes(j));
    }
    store<f32>(to + bytes(j), sum);
  }
}

/**
 * N2's way back: the gradient of gamma [N], of those that reach g_0 on B trajectories through N3, [B, N], which are orthogonal
 * to it, and through L4, [B, N]. One task.
 */
export function initialBackTask(_task: i32): void {
  const units = size(0);
  const trajectories = size(1);
  const initial = address(2);
  const scale = load<f32>(address(3));
  const carried = address(4);
  const outside = address(5);
  const to = address(6);
  memory.fill(to, 0, bytes(units));
  for (let b = 0; b < trajectories; b++) addRow(outside + bytes(b * units), 1, to, units);
  const along = dot(to, initial, units);
  addRow(initial, -along, to, units);
  for (let b = 0; b < trajectories; b++) addRow(carried + bytes(b * units), 1, to, units);
  for (let j = 0; j < units; j++) {
    const place = to + bytes(j);
    store<f32>(place, load<f32>(initial + bytes(j)) > 0 ? load<f32>(place) * scale : 0);
  }
}

/** Where each velocity is used: places t * B + b, [B * T], those of velocity k from `starts` [K + 1] on. One task. */
export function usesTask(_task: i32): void {
  const timesteps = size(0);
  const trajectories = size(1);
  const velocities = size(2);
  const order = address(3); // [B, T]
  const starts = address(4);
  const uses = address(5);
  const count = timesteps * trajectories;
  memory.fill(starts, 0, bytes(velocities + 1));
  for (let place = 0; place < count; place++) {
    const list = starts + bytes(load<i32>(order + bytes(place)));
    store<i32>(list, load<i32>(list) + 1);
  }
  let sum = 0;
  for (let k = 0; k <= velocities; k++) {
    sum += load<i32>(starts + bytes(k));
    store<i32>(starts + bytes(k), sum);
  }
  for (let place = count - 1; place >= 0; place--) {
    const list = starts + bytes(load<i32>(order + bytes(place)));
    const next = load<i32>(list) - 1;
    store<i32>(list, next);
    store<i32>(uses + bytes(next), (place % timesteps) * trajectories + place / timesteps);
  }
}

/** The gradient of W_k: the sum over its uses of delta_i times the state before, [N, N]. `room` holds B T rows twice. */
export function transitionBackTask(k: i32): void {
  const trajectories = size(0);
  const units = size(1);
  const starts = address(2); // [K + 1]
  const uses = address(3); // places t * B + b
  const delta = address(4);
  const states = address(5);
  const initial = address(6);
  const to = address(7);
  const row = bytes(units);
  const first = load<i32>(starts + bytes(k));
  const count = load<i32>(starts + bytes(k + 1)) - first;
  const slopes = address(8) + <usize>first * row * 2;
  const before = slopes + <usize>count * row;
  for (let c = 0; c < count; c++) {
    const place = load<i32>(uses + bytes(first + c));
    const earlier = place < trajectories ? initial : states + <usize>(place - trajectories) * row;
    memory.copy(slopes + <usize>c * row, delta + <usize>place * row, row);
    memory.copy(before + <usize>c * row, earlier, row);
  }
  const W = to + <usize>k * row * <usize>units;
  let j = 0;
  for (; j + PANEL <= units; j += PANEL) {
    const at = bytes(j);
    packPanel(before + at, row, count, scratch());
    panelProduct(units, count, slopes, 4, row, scratch(), ZEROS, 0, W + at, row);
  }
  const at = bytes(j);
  plainProduct(units, units - j, count, slopes, 4, row, before + at, row, ZEROS, 0, W + at, row);
}
