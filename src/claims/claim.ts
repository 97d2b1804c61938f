import type { Study } from "./study.ts";

/** What a claim of the paper gives back: numbers, a verdict that a rule took over them, and figures as data. */
export type Verdict = "holds" | "fails" | "not decided";

/** A cell: a number is shown to four digits; null: could not be had. */
export type Cell = string | number | null;

export interface Table {
  columns: string[];
  rows: Cell[][];
}

/** One map or autocorrelogram: [size, size], row-major, y upwards from -box / 2; null where nothing is known. */
export interface SmallMap {
  label: string;
  values: (number | null)[];
  size: number;
}

/** A named set of points. */
export interface Series {
  label: string;
  points: [number, number][];
}

/** What every figure says of itself: which model, seed and command made it. */
export interface FigureBase {
  /** Unique on the page, as in "C1-seed-3". */
  id: string;
  caption: string;
  model: string;
  /** null where no seed is involved or more than one. */
  seed: number | null;
  command: string;
}

/** What a figure shows, as data; src/report draws it. */
export type Figure = FigureBase &
  (
    | {
        /** Rate maps and autocorrelograms by module. */
        kind: "maps";
        bins: number;
        /** Side of the box, in metres. */
        box: number;
        rows: { label: string; maps: SmallMap[] }[];
      }
    | { kind: "histogram"; xLabel: string; series: { label: string; values: number[] }[] }
    | { kind: "scatter"; xLabel: string; yLabel: string; square?: boolean; series: Series[] }
    | {
        kind: "lines";
        xLabel: string;
        yLabel: string;
        log?: boolean;
        marks?: { x: number; label: string }[];
        series: Series[];
      }
    | {
        /** A square grid of numbers, [size, size], row-major, both axes from -extent to extent, y upwards: Fourier spectra. */
        kind: "image";
        size: number;
        extent: number;
        xLabel: string;
        yLabel: string;
        values: (number | null)[];
      }
    | {
        /** Points in space, to be turned: the torus. */
        kind: "cloud";
        points: [number, number, number][];
        /** 0 to 1, one a point; a phase, so that 0 and 1 are the same colour. */
        colours: number[];
      }
    | {
        kind: "barcode";
        /** A series a dimension: [birth, death], death null for a bar that never ends. */
        series: { label: string; bars: [number, number | null][] }[];
        /** The longest bar of the null in each series. */
        nullLengths?: number[];
      }
  );

/** A claim of the paper, measured. */
export interface Finding {
  /** As in "C4". */
  number: string;
  title: string;
  /** The paper's claim in our own words. */
  statement: string;
  /** Where it stands in the paper. */
  source: string;
  verdict: Verdict;
  /** One sentence with the numbers that decided. */
  reason: string;
  /** The rule and why it is so. */
  threshold: string;
  /** Measured numbers over the golden seeds. */
  evidence: Table;
  /** The null or the ablation. */
  null: Table | null;
  figures: Figure[];
}

/** A claim before it is measured. all.ts lists them as CLAIMS, by number; `npm run claims` makes each one's finding in turn. */
export interface Claim {
  number: string;
  find: (study: Study) => Finding;
}
