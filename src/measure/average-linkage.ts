/**
 * Average-linkage clusters of points whose distances are given: the two clusters whose points are nearest on average are
 * joined, again and again, while that distance is at most `cut`.
 *
 * Chains of nearest neighbours find the same clusters in a time that grows with the square of the number of points, where
 * looking through all pairs at each step takes its cube.
 * @param distances [count, count], symmetric; it is overwritten
 * @param weights how many points each entry stands for; one each if left out
 * @returns the clusters as ascending indices, by their lowest index
 */
export function averageLinkage(
  distances: Float32Array | Float64Array,
  count: number,
  cut: number,
  weights?: readonly number[],
): number[][] {
  const size = Float64Array.from({ length: count }, (_, i) => weights?.[i] ?? 1);
  const members: (number[] | undefined)[] = Array.from({ length: count }, (_, i) => [i]);
  const finished: number[][] = [];
  const chain: number[] = [];
  let first = 0;
  for (;;) {
    while (first < count && members[first] === undefined) first++;
    if (first === count) return finished.sort((p, q) => p[0]! - q[0]!);
    if (chain.length === 0) chain.push(first);
    const here = chain.at(-1)!;
    const before = chain.at(-2);
    // The nearest cluster; of equally near ones the one that the chain came from, so that it ends.
    let nearest = before ?? -1;
    let least = before === undefined ? Infinity : distances[here * count + before]!;
    for (let other = 0; other < count; other++) {
      if (other === here || members[other] === undefined) continue;
      const distance = distances[here * count + other]!;
      if (distance < least) [nearest, least] = [other, distance];
    }
    if (nearest === -1 || least > cut) {
      // Nothing will ever be nearer to this cluster: joining others only averages their distances to it.
      finished.push(members[here]!.sort((i, j) => i - j));
      members[here] = undefined;
      chain.pop();
      continue;
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [keep, lose] = [Math.min(here, nearest), Math.max(here, nearest)];
    const [p, q] = [size[keep]!, size[lose]!];
    for (let other = 0; other < count; other++) {
      if (members[other] === undefined || other === keep || other === lose) continue;
      const mean = (p * distances[keep * count + other]! + q * distances[lose * count + other]!) / (p + q);
      distances[keep * count + other] = mean;
      distances[other * count + keep] = mean;
    }
    size[keep] = p + q;
    members[keep]!.push(...members[lose]!);
    members[lose] = undefined;
  }
}
