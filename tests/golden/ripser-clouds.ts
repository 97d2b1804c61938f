import { landmarks } from "../../src/measure/homology/landmarks.ts";
import { cloudOf } from "../properties/clouds.ts";
import type { MadeCloud } from "../properties/clouds.ts";

/** Prints the clouds whose barcodes ripser.py gives, with their parameters, as JSON: see golden/ripser/README.md. */
const made: (MadeCloud & { landmarks: number; primes: number[] })[] = [
  { shape: "circle", count: 40, landmarks: 40, noise: 0.1, seed: 1, primes: [47] },
  { shape: "sphere", count: 80, landmarks: 80, noise: 0.05, seed: 2, primes: [47] },
  { shape: "torus", count: 1200, landmarks: 120, noise: 0.05, seed: 3, primes: [2, 47] },
  { shape: "klein bottle", count: 1500, landmarks: 150, seed: 3, primes: [2, 47] },
  { shape: "projective plane", count: 600, landmarks: 60, seed: 3, primes: [2, 3] },
  { shape: "noise", count: 60, landmarks: 60, seed: 4, primes: [47] },
];

const clouds = made.flatMap(({ primes, ...parameters }) => {
  const { dimensions, values } = cloudOf(parameters);
  const points = landmarks(cloudOf(parameters), parameters.landmarks).map((point) =>
    Array.from(values.subarray(point * dimensions, (point + 1) * dimensions)),
  );
  return primes.map((prime) => ({ parameters: { ...parameters, prime }, points }));
});

process.stdout.write(JSON.stringify(clouds));
