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

/** So many rows stay in the processor's cache while all others are read. */
const TILE = 32;

/** Writes the product of every two rows into `products`, [count, count], both ways round. */
function multiply(rows: readonly Float64Array[], products: Float32Array): void {
  for (let tile = 0; tile < rows.length; tile += TILE) {
    const end = Math.min(tile + TILE, rows.length);
    for (let j = 0; j < end; j += 2) {
      for (let i = Math.max(tile, 4 * Math.floor(j / 4)); i < end; i += 4) multiplyBlock(rows, i, j, products);
    }
  }
}

/** The products of four rows from `i` on and two rows from `j` on, so that each number that is read is used more than once. */
function multiplyBlock(rows: readonly Float64Array[], i: number, j: number, products: Float32Array): void {
  const count = rows.length;
  const row = (place: number): Float64Array => rows[Math.min(place, count - 1)]!;
  const [a, b, c, d] = [row(i), row(i + 1), row(i + 2), row(i + 3)];
  const [p, q] = [row(j), row(j + 1)];
  let [ap, aq, bp, bq, cp, cq, dp, dq] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const u = p[k]!;
    const v = q[k]!;
    const x = a[k]!;
    ap += x * u;
    aq += x * v;
    const y = b[k]!;
    bp += y * u;
    bq += y * v;
    const z = c[k]!;
    cp += z * u;
    cq += z * v;
    const w = d[k]!;
    dp += w * u;
    dq += w * v;
  }
  [ap, aq, bp, bq, cp, cq, dp, dq].forEach((product, place) => {
    const [first, second] = [i + Math.floor(place / 2), j + (place % 2)];
    if (first >= count || second >= count) return;
    products[first * count + second] = products[second * count + first] = product;
  });
}

/** A row that has kept less than this share of its variance outside the other's gaps does not vary there. */
const LEAST_REST = 1e-9;

/** Which gaps rows have: the different lists of gaps, and for each row the place of its own. */
interface Gaps {
  patterns: Int32Array[];
  of: number[];
}

function gapsOf(rows: readonly Float64Array[]): Gaps {
  const patterns: Int32Array[] = [];
  const known = new Map<string, number>();
  const of = rows.map((row) => {
    const gaps: number[] = [];
    for (let k = 0; k < row.length; k++) if (Number.isNaN(row[k])) gaps.push(k);
    const name = gaps.join();
    const place = known.get(name) ?? patterns.push(Int32Array.from(gaps)) - 1;
    known.set(name, place);
    return place;
  });
  return { patterns, of };
}

/** How many entries two ascending lists share. */
function sharedEntries(first: Int32Array, second: Int32Array): number {
  let [i, shared] = [0, 0];
  for (const k of second) {
    while (i < first.length && first[i]! < k) i++;
    if (first[i] === k) shared++;
  }
  return shared;
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
    standardise(row, patterns[of[i]!]!.length);
  });
  multiply(rows, distances);

  const width = patterns.length;
  // By row and pattern: the sums of the row's values, and of their squares, in the pattern's gaps. In its own gaps a row is 0.
  const lost = new Float64Array(2 * count * width);
  const common = new Int32Array(width * width);
  if (width > 1) {
    rows.forEach((row, i) => {
      patterns.forEach((gaps, pattern) => {
        let [sum, squares] = [0, 0];
        for (const k of gaps) {
          sum += row[k]!;
          squares += row[k]! * row[k]!;
        }
        lost[2 * (i * width + pattern)] = sum;
        lost[2 * (i * width + pattern) + 1] = squares;
      });
    });
    patterns.forEach((first, p) => {
      patterns.forEach((second, q) => {
        common[p * width + q] = rows[0]!.length - first.length - second.length + sharedEntries(first, second);
      });
    });
  }
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
