/** A row less its mean and at length one; of zeros if it does not vary, which no row is near to. */
function standardised(row: Float64Array): Float64Array {
  let sum = 0;
  for (const value of row) sum += value;
  const mean = sum / row.length;
  let squares = 0;
  for (const value of row) squares += (value - mean) ** 2;
  const scale = squares > 1e-20 * row.length * mean * mean && squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return row.map((value) => (value - mean) * scale);
}

/**
 * Writes 1 - p.q into `distances` for every row p and q, at the places that `ps` and `qs` name, and mirrored. Two rows are
 * multiplied by two at a time, so that each number that is read is used twice. Rows that are both lists' are done once.
 */
function multiply(
  left: readonly Float64Array[],
  right: readonly Float64Array[],
  ps: readonly number[],
  qs: readonly number[],
  distances: Float32Array,
  count: number,
): void {
  const set = (i: number, j: number, product: number): void => {
    if (i >= ps.length || j >= qs.length) return;
    distances[ps[i]! * count + qs[j]!] = distances[qs[j]! * count + ps[i]!] = 1 - product;
  };
  for (let i = 0; i < left.length; i += 2) {
    const a = left[i]!;
    const b = left[i + 1] ?? a;
    for (let j = 0; j < (left === right ? i + 1 : right.length); j += 2) {
      const p = right[j]!;
      const q = right[j + 1] ?? p;
      let ap = 0;
      let aq = 0;
      let bp = 0;
      let bq = 0;
      for (let k = 0; k < a.length; k++) {
        const x = a[k]!;
        const y = b[k]!;
        const u = p[k]!;
        const v = q[k]!;
        ap += x * u;
        aq += x * v;
        bp += y * u;
        bq += y * v;
      }
      set(i, j, ap);
      set(i, j + 1, aq);
      set(i + 1, j, bp);
      set(i + 1, j + 1, bq);
    }
  }
}

/**
 * One minus the Pearson correlation of every two rows over the entries that both have, as [count, count]; 1 where that is
 * undefined, and 0 of a row with itself. Rows with the same gaps are correlated in one product of matrices.
 * @param rows of one length; NaN marks gaps
 */
export function correlationDistances(rows: readonly Float64Array[]): Float32Array {
  const count = rows.length;
  const distances = new Float32Array(count * count).fill(1);
  const byGaps = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const gaps: number[] = [];
    row.forEach((value, k) => {
      if (Number.isNaN(value)) gaps.push(k);
    });
    const key = gaps.join();
    const group = byGaps.get(key);
    if (group === undefined) byGaps.set(key, [i]);
    else group.push(i);
  });
  const groups = [...byGaps.values()];
  groups.forEach((ps, first) => {
    groups.slice(first).forEach((qs) => {
      const [p, q] = [rows[ps[0]!]!, rows[qs[0]!]!];
      const both = Array.from(p.keys()).filter((k) => !Number.isNaN(p[k]) && !Number.isNaN(q[k]));
      const taken = (i: number): Float64Array => standardised(Float64Array.from(both, (k) => rows[i]![k]!));
      const left = ps.map(taken);
      multiply(left, ps === qs ? left : qs.map(taken), ps, qs, distances, count);
    });
  });
  for (let i = 0; i < count; i++) distances[i * count + i] = 0;
  return distances;
}
