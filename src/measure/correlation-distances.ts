/** Takes the mean from a row and makes its length one, with 0 in its gaps; all zeros if it does not vary, which no row is near to. */
function standardise(row: Float64Array, gaps: number): void {
  const count = row.length - gaps;
  let sum = 0;
  for (const value of row) if (!Number.isNaN(value)) sum += value;
  const mean = sum / count;
  let squares = 0;
  for (const value of row) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const scale = squares > 1e-20 * count * mean * mean && squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let k = 0; k < row.length; k++) row[k] = Number.isNaN(row[k]) ? 0 : (row[k]! - mean) * scale;
}

/** Rows that stand in one panel. */
const TOGETHER = 4;

/** So many panels stay in the processor's cache while all others are read. */
const TILE = 8;

/** Rows by fours in panels: the first numbers of four rows, then their second ones, and so on; 0 where there is no fourth row. */
function panelsOf(rows: readonly Float64Array[]): Float64Array[] {
  return Array.from({ length: Math.ceil(rows.length / TOGETHER) }, (_, place) => {
    const panel = new Float64Array(TOGETHER * rows[0]!.length);
    rows.slice(TOGETHER * place, TOGETHER * (place + 1)).forEach((row, r) => {
      for (let k = 0; k < row.length; k++) panel[TOGETHER * k + r] = row[k]!;
    });
    return panel;
  });
}

/** Writes the product of every two rows into `products`, [count, count], both ways round. */
function multiply(rows: readonly Float64Array[], products: Float32Array): void {
  const count = rows.length;
  const panels = panelsOf(rows);
  const block = new Float64Array(2 * TOGETHER);
  for (let tile = 0; tile < panels.length; tile += TILE) {
    const end = Math.min(tile + TILE, panels.length);
    for (let j = 0; j < TOGETHER * end; j += 2) {
      const other = Math.floor(j / TOGETHER);
      for (let i = Math.max(tile, other); i < end; i++) {
        multiplyBlock(panels[i]!, panels[other]!, j % TOGETHER, block);
        for (let place = 0; place < block.length; place++) {
          const first = TOGETHER * i + Math.floor(place / 2);
          const second = j + (place % 2);
          if (first >= count || second >= count) continue;
          products[first * count + second] = products[second * count + first] = block[place]!;
        }
      }
    }
  }
}

/**
 * The products of a panel's four rows and two rows of another, those at `offset` and after it, so that each number that is
 * read is used more than once.
 * @param block by row of the panel, then of the other one
 */
function multiplyBlock(panel: Float64Array, other: Float64Array, offset: number, block: Float64Array): void {
  let [ap, aq, bp, bq, cp, cq, dp, dq] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < panel.length; k += TOGETHER) {
    const p = other[k + offset]!;
    const q = other[k + offset + 1]!;
    const a = panel[k]!;
    ap += a * p;
    aq += a * q;
    const b = panel[k + 1]!;
    bp += b * p;
    bq += b * q;
    const c = panel[k + 2]!;
    cp += c * p;
    cq += c * q;
    const d = panel[k + 3]!;
    dp += d * p;
    dq += d * q;
  }
  block.set([ap, aq, bp, bq, cp, cq, dp, dq]);
}

/** A row that has kept less than this share of its variance outside the other's gaps does not vary there. */
const LEAST_REST = 1e-9;

/** The gaps of a row: where each run of them begins and ends (the first entry that is no gap), in turn. */
type Runs = readonly number[];

function runsOf(row: Float64Array): Runs {
  const runs: number[] = [];
  for (let k = 0; k <= row.length; k++) {
    const isGap = k < row.length && Number.isNaN(row[k]);
    const isWithin = runs.length % 2 === 1;
    if (isGap !== isWithin) runs.push(k);
  }
  return runs;
}

/** How many entries two rows' runs of gaps share. */
function sharedGaps(first: Runs, second: Runs): number {
  let [i, j, shared] = [0, 0, 0];
  while (i < first.length && j < second.length) {
    const end = Math.min(first[i + 1]!, second[j + 1]!);
    shared += Math.max(0, end - Math.max(first[i]!, second[j]!));
    if (first[i + 1] === end) i += 2;
    if (second[j + 1] === end) j += 2;
  }
  return shared;
}

/** Which gaps rows have: the different ones, and for each row the place of its own. */
interface Gaps {
  patterns: Runs[];
  of: number[];
}

function gapsOf(rows: readonly Float64Array[]): Gaps {
  const patterns: Runs[] = [];
  const known = new Map<string, number>();
  const of = rows.map((row) => {
    const runs = runsOf(row);
    const name = runs.join();
    const place = known.get(name) ?? patterns.push(runs) - 1;
    known.set(name, place);
    return place;
  });
  return { patterns, of };
}

/** How many entries a row's gaps are. */
function gapCount(runs: Runs): number {
  return sharedGaps(runs, runs);
}

/** The sum over some runs, from the sums over all entries before each. */
function sumOver(runs: Runs, before: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < runs.length; i += 2) sum += before[runs[i + 1]!]! - before[runs[i]!]!;
  return sum;
}

/** By row and pattern, two numbers each: the sum of the row's values in the pattern's gaps, and that of their squares. */
function lostSums(rows: readonly Float64Array[], patterns: readonly Runs[]): Float64Array {
  const lost = new Float64Array(2 * rows.length * patterns.length);
  const length = rows[0]?.length ?? 0;
  const values = new Float64Array(length + 1);
  const squares = new Float64Array(length + 1);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let k = 0; k < length; k++) {
      values[k + 1] = values[k]! + row[k]!;
      squares[k + 1] = squares[k]! + row[k]! * row[k]!;
    }
    for (let pattern = 0; pattern < patterns.length; pattern++) {
      const to = 2 * (i * patterns.length + pattern);
      lost[to] = sumOver(patterns[pattern]!, values);
      lost[to + 1] = sumOver(patterns[pattern]!, squares);
    }
  }
  return lost;
}

/** By pattern and pattern: how many of `length` entries are in the gaps of neither. */
function commonCounts(patterns: readonly Runs[], length: number): Int32Array {
  const width = patterns.length;
  const counts = patterns.map(gapCount);
  const common = new Int32Array(width * width);
  for (let p = 0; p < width; p++) {
    for (let q = 0; q <= p; q++) {
      const both = length - counts[p]! - counts[q]! + sharedGaps(patterns[p]!, patterns[q]!);
      common[p * width + q] = common[q * width + p] = both;
    }
  }
  return common;
}

/**
 * One minus the Pearson correlation of every two rows over the entries that both have, as [count, count]; 1 where that is
 * undefined, and 0 of a row with itself.
 *
 * All pairs are one product of matrices. Two rows whose gaps differ were standardised over other entries than those that both have;
 * what that changes are sums over the other row's gaps, which are the same for all rows with these gaps.
 * @param rows of one length, which are overwritten; NaN marks gaps
 */
export function correlationDistances(rows: readonly Float64Array[]): Float32Array {
  const count = rows.length;
  const distances = new Float32Array(count * count);
  const { patterns, of } = gapsOf(rows);
  rows.forEach((row, i) => {
    standardise(row, gapCount(patterns[of[i]!]!));
  });
  multiply(rows, distances);

  const width = patterns.length;
  const lost = lostSums(rows, patterns);
  const common = commonCounts(patterns, rows[0]?.length ?? 0);
  const totals = rows.map((row) => row.reduce((sum, value) => sum + value * value, 0));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let correlation = distances[i * count + j]!;
      if (of[i] !== of[j]) {
        const n = common[of[i]! * width + of[j]!]!;
        const here = 2 * (i * width + of[j]!);
        const there = 2 * (j * width + of[i]!);
        const [x, y] = [-lost[here]!, -lost[there]!];
        const p = totals[i]! - lost[here + 1]! - (x * x) / n;
        const q = totals[j]! - lost[there + 1]! - (y * y) / n;
        correlation = p > LEAST_REST && q > LEAST_REST ? (correlation - (x * y) / n) / Math.sqrt(p * q) : 0;
      }
      distances[i * count + j] = distances[j * count + i] = 1 - correlation;
    }
    distances[i * count + i] = 0;
  }
  return distances;
}
