import type { Figure, FigureBase, Finding, SmallMap } from "../../src/claims/claim.ts";

/** Findings that nobody measured: every kind of figure, every verdict, and what may be empty. */

const made = (id: string, caption: string): FigureBase => ({
  id,
  caption,
  model: "seed-3",
  seed: 3,
  command: "npm run claims -- --only C1",
});

/** A number from 0 to 1 that looks drawn at random but is the same each time. */
function noise(k: number): number {
  const x = Math.sin(k * 12.9898 + 4.1414) * 43758.5453;
  return x - Math.floor(x);
}

const count = <T>(n: number, make: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => make(k));

/** A hexagonal map from `lowest` (0 or -0.5) to 1, with a corner that was never visited. */
function hexagonal(size: number, period: number, shift: number, label: string, lowest = 0): SmallMap {
  const values = count(size * size, (k) => {
    const [x, y] = [k % size, Math.floor(k / size)];
    if (x + y < size / 8) return null;
    const waves = [0, 1, 2].map((w) =>
      Math.cos(
        ((2 * Math.PI) / period) * ((x - shift) * Math.cos((w * Math.PI) / 3) + y * Math.sin((w * Math.PI) / 3)),
      ),
    );
    const sum = waves.reduce((p, q) => p + q) / 3;
    return lowest < 0 ? sum : (sum + 0.5) / 1.5;
  });
  return { kind: lowest < 0 ? "autocorrelogram" : "rates", label, size, values };
}

export const maps: Figure = {
  ...made("maps", "Rate maps by module; the first tile is the module's mean autocorrelogram."),
  kind: "maps",
  bins: 40,
  box: 5,
  rows: [
    {
      label: "Module 0: 24 units, hexagonal, 1.25 m, gridness 1.42",
      maps: [
        hexagonal(79, 12, 39, "mean", -0.5),
        ...count(12, (k) => hexagonal(40, 12, 3 * k, `unit ${k}`)),
        hexagonal(79, 12, 39, "unit 0", -0.5),
      ],
    },
    {
      label: "Module 1: 12 units, hexagonal, 2.4 m",
      maps: count(9, (k) => hexagonal(40, 20, 3 * k, `unit ${k + 24}`)),
    },
  ],
};

export const histogram: Figure = {
  ...made("histogram", "Spacings of all modules over seeds."),
  kind: "histogram",
  xLabel: "spacing (m)",
  series: [
    { label: "trained", values: count(60, (k) => (k % 2 === 0 ? 1.2 : 2.3) + 0.2 * noise(k)) },
    { label: "shuffled", values: count(40, (k) => 0.5 + 2.5 * noise(k + 100)) },
  ],
};

export const scatter: Figure = {
  ...made("scatter", "Phases of a module's units in its unit cell."),
  kind: "scatter",
  xLabel: "phase along k1",
  yLabel: "phase along k2",
  square: true,
  series: [
    { label: "module 0", points: count(60, (k) => [noise(k), noise(k + 500)]) },
    { label: "module 1", points: count(30, (k) => [noise(k + 900), noise(k + 1200)]) },
  ],
};

const distances: Figure = {
  ...made("distances", "Distance in state space against displacement; more points than can be told apart."),
  kind: "scatter",
  xLabel: "displacement (m)",
  yLabel: "||g(0) - g(x)||",
  series: [{ label: "", points: count(9000, (k) => [6 * noise(k), 0.8 * (1 - Math.exp(-20 * noise(k)))]) }],
};

export const lines: Figure = {
  ...made("lines", "Path integration: error against time."),
  kind: "lines",
  xLabel: "step",
  yLabel: "error (m)",
  marks: [
    { x: 60, label: "length trained on" },
    { x: 380, label: "last" },
  ],
  series: count(10, (s) => ({
    label: `seed ${s}`,
    points: count(200, (k) => [2 * k, 0.01 * (s + 1) * Math.sqrt(k) + 0.02 * noise(k + 31 * s)]),
  })),
};

const losses: Figure = {
  ...made("losses", "Losses over training, with few points."),
  kind: "lines",
  xLabel: "step",
  yLabel: "Inv",
  log: true,
  series: [
    { label: "baseline", points: count(12, (k) => [k * 1000, k === 0 ? 0 : Math.exp(-k / 3)]) },
    { label: "no capacity", points: count(12, (k) => [k * 1000, 1.2 * Math.exp(-k / 9)]) },
    { label: "no separation", points: count(12, (k) => [k * 1000, 0.3]) },
  ],
};

export const image: Figure = {
  ...made("image", "Fourier spectrum of a unit's rate map: six peaks."),
  kind: "image",
  size: 41,
  extent: 2,
  xLabel: "kx (cycles / m)",
  yLabel: "ky (cycles / m)",
  values: count(41 * 41, (k) => {
    const [x, y] = [(k % 41) - 20, Math.floor(k / 41) - 20];
    const peaks = count(6, (p) =>
      Math.exp(-(((x - 9 * Math.cos((p * Math.PI) / 3)) ** 2 + (y - 9 * Math.sin((p * Math.PI) / 3)) ** 2) / 3)),
    );
    return peaks.reduce((p, q) => p + q);
  }),
};

export const cloud: Figure = {
  ...made("cloud", "A module's states on their first three principal components."),
  kind: "cloud",
  points: count(1200, (k) => {
    const [a, b] = [2 * Math.PI * noise(k), 2 * Math.PI * noise(k + 7000)];
    return [(2 + 0.8 * Math.cos(b)) * Math.cos(a), 0.8 * Math.sin(b), (2 + 0.8 * Math.cos(b)) * Math.sin(a)];
  }),
  colours: count(1200, (k) => noise(k)),
};

export const barcode: Figure = {
  ...made("barcode", "Persistent cohomology of landmarks of a module's states."),
  kind: "barcode",
  series: [
    { label: "H0", bars: count(40, (k) => [0, k === 0 ? null : 0.3 + 0.1 * noise(k)]) },
    { label: "H1", bars: count(9, (k) => [0.35 + 0.05 * noise(k), k < 2 ? 1.4 : 0.5 + 0.1 * noise(k)]) },
    { label: "H2", bars: count(3, (k) => [0.9 + 0.05 * k, k === 0 ? 1.35 : 1.0 + 0.05 * k]) },
  ],
  nullLengths: [0.2, 0.3, 0.1],
};

/** What an untrained network may leave: every kind of figure with nothing in it. */
export const empty: Figure[] = [
  { ...made("no-maps", "No modules."), kind: "maps", bins: 40, box: 5, rows: [{ label: "none", maps: [] }] },
  {
    ...made("no-values", "No values."),
    kind: "histogram",
    xLabel: "spacing (m)",
    series: [{ label: "trained", values: [] }],
  },
  {
    ...made("one-value", "One value."),
    kind: "histogram",
    xLabel: "spacing (m)",
    series: [{ label: "", values: [2] }],
  },
  {
    ...made("no-points", "No points."),
    kind: "scatter",
    xLabel: "x",
    yLabel: "y",
    series: [{ label: "a", points: [] }],
  },
  { ...made("no-lines", "No lines."), kind: "lines", xLabel: "x", yLabel: "y", log: true, series: [] },
  {
    ...made("no-image", "Nothing known."),
    kind: "image",
    size: 2,
    extent: 1,
    xLabel: "x",
    yLabel: "y",
    values: [null, null, null, null],
  },
  { ...made("no-cloud", "No states."), kind: "cloud", points: [], colours: [] },
  { ...made("no-bars", "No bars."), kind: "barcode", series: [{ label: "H1", bars: [] }] },
];

/** A finding with the given parts and plain ones for the rest. */
export function finding(parts: Partial<Finding>): Finding {
  return {
    number: "C1",
    title: "Periodic tuning and discrete modules",
    statement: "Units of a network that is never told where it is become periodic in space, in a few discrete modules.",
    source: "Section 4, Figure 4",
    verdict: "holds",
    reason: "9 of 10 seeds have two or more modules (null: 0 of 10).",
    rule: "At least 8 of 10 seeds must have two modules whose gridness is beyond their null. The paper shows one seed.",
    deciding: [
      { what: "Seeds with two modules, of 10", value: 9, limit: "at least 8" },
      { what: "Gridness, by seed", value: count(10, (k) => 1.1 + 0.3 * noise(k)), limit: null },
    ],
    evidence: {
      columns: ["seed", "active units", "modules", "spacing 1 (m)", "spacing 2 (m)", "gridness", "class"],
      rows: count(10, (k) => [
        k,
        60 + k,
        2 + (k % 2),
        1.234567 + 0.1 * noise(k),
        k === 4 ? null : 2.4 + noise(k),
        1.1 + 0.3 * noise(k),
        "hexagonal",
      ]),
    },
    null: { columns: ["seed", "modules", "gridness"], rows: count(10, (k) => [k, 0, 0.2 * noise(k)]) },
    figures: [],
    ...parts,
  };
}

export const FINDINGS: Finding[] = [
  finding({ figures: [maps, histogram, lines, losses] }),
  finding({
    number: "C3",
    title: "The lattice is hexagonal",
    verdict: "fails",
    reason: "4 of 10 seeds have six peaks; the others are sheared.",
    null: null,
    figures: [image, scatter, distances],
  }),
  finding({
    number: "C5",
    title: "Population activity lies on a torus",
    verdict: "not decided",
    reason: "Betti numbers 1, 2, 1 in 6 of 10 seeds; at least 8 were asked for, fewer than 3 would refute.",
    figures: [cloud, barcode],
  }),
  finding({
    number: "C6",
    title: "Nothing to see",
    verdict: "not decided",
    evidence: { columns: ["seed"], rows: [] },
    deciding: [],
    figures: empty,
  }),
];

/** A figure of each kind. */
export const everyKind: Figure[] = [maps, histogram, scatter, lines, image, cloud, barcode];

/** Text that would run where it got into a page as markup: between tags, in an attribute, in SVG. */
export const HOSTILE = `</title></svg></style><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">" onload="window.hacked = 1" '&`;

/** A copy in which every text but kinds, verdicts and names is hostile. */
export function hostile<T>(value: T, key = ""): T {
  if (typeof value === "string") return (["kind", "verdict", "id", "number"].includes(key) ? value : HOSTILE) as T;
  if (Array.isArray(value)) return value.map((part: unknown) => hostile(part, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hostile<unknown>(part, name)])) as T;
}
