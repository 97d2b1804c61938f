/** The rotation of a cloud in radians: first about the upright axis, then about the axis across the screen. */
export interface Turn {
  yaw: number;
  pitch: number;
}

/** A point as it is seen: x to the right, y downwards as on screens, and depth towards the eye. */
export interface Seen {
  x: number;
  y: number;
  depth: number;
}

/** The rotation at first, before anybody turns the cloud. */
export const FIRST_VIEW: Turn = { yaw: 0.6, pitch: 0.6 };

/** Rotates a point (x to the right, y up, z towards the eye) and projects it as from far away. */
export function seen([x, y, z]: readonly [number, number, number], { yaw, pitch }: Turn): Seen {
  const across = x * Math.cos(yaw) + z * Math.sin(yaw);
  const towards = z * Math.cos(yaw) - x * Math.sin(yaw);
  return {
    x: across,
    y: -(y * Math.cos(pitch) - towards * Math.sin(pitch)),
    depth: towards * Math.cos(pitch) + y * Math.sin(pitch),
  };
}

/** Radius of a dot at a depth from -1 to 1. Nearer dots are larger. */
export function dotRadius(depth: number): number {
  return 0.016 + 0.008 * depth;
}
