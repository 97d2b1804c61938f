import type { Study } from "./study.ts";

/** What the rule of a claim says of the networks that were measured. */
export type Verdict = "holds" | "fails" | "not decided";

/** A measured value: a number, a word, whether something is so, or a list; null where it could not be had. Only src/report turns it into text. */
export type Cell = number | string | boolean | null | readonly (number | string | null)[];

/** Measured values by row. The name of a column says what its values are and in which unit. */
export interface Table {
  columns: string[];
  rows: Cell[][];
}

/** A number that a rule looked at, with the limit that the rule sets for it where it sets one. */
export interface Deciding {
  what: string;
  value: Cell;
  limit: string | null;
}

/** What the numbers of a map are: mean rates of one unit by place, or correlations by lag. */
export type MapKind = "rates" | "autocorrelogram";

/** One map as a square grid, [size, size], row-major, y upwards from -box / 2; null where nothing is known. */
export interface SmallMap {
  kind: MapKind;
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

/** What a figure shows, as data. src/report draws it. */
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
        /** Equal scales on both axes in a square frame, as for paths in a box. */
        square?: boolean;
        marks?: { x: number; label: string }[];
        series: Series[];
      }
    | {
        /** A square grid of numbers, [size, size], row-major, both axes from -extent to extent, y upwards, such as a Fourier spectrum. */
        kind: "image";
        size: number;
        extent: number;
        xLabel: string;
        yLabel: string;
        values: (number | null)[];
      }
    | {
        /** Points in space that the reader can turn, such as states on a torus. */
        kind: "cloud";
        points: [number, number, number][];
        /** A phase for each point, from 0 to 1; 0 and 1 are the same colour. */
        colours: number[];
      }
    | {
        kind: "barcode";
        /** A series for each dimension, with bars as [birth, death]; death is null for a bar that never ends. */
        series: { label: string; bars: [number, number | null][] }[];
        /** The longest bar of the null in each series. */
        nullLengths?: number[];
      }
  );

/** A figure of one kind. */
export type FigureOf<Kind extends Figure["kind"]> = Figure & { kind: Kind };

/** What spec/claims.md says of a claim: its heading, what the paper says in our words, and where the paper says it. */
export interface ClaimText {
  /** As in "C4". */
  number: string;
  title: string;
  statement: string;
  source: string;
}

/** What was measured for a claim, and what its rule makes of that. */
export interface Outcome {
  verdict: Verdict;
  /** One sentence with the numbers that decided. */
  reason: string;
  /** The rule with its limits, and the reason for them. */
  rule: string;
  /** The numbers that the rule looked at. */
  deciding: Deciding[];
  /** Measured numbers over the golden seeds. */
  evidence: Table;
  /** The same numbers where the claim should not hold: of a null or of an ablation. */
  null: Table | null;
  /** The first one shows the claim best; the page folds the others. */
  figures: Figure[];
}

/** A claim of the paper, measured. */
export type Finding = ClaimText & Outcome;

/**
 * What of the study a claim looks at: the networks in the training arena (the ablations too, or the first baselines alone),
 * the first ones in test arenas as well, or walks of its own alone.
 */
type Looks = "all" | "first" | "test arenas" | "own walks";

/** A claim before it is measured; all.ts lists them. */
export interface Claim {
  number: string;
  looks: Looks;
  decide: (study: Study) => Outcome;
}
