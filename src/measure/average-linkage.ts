/** Two clusters that are joined, each by its lowest point. The cluster of both goes by the lower one. */
export interface Join {
  lower: number;
  higher: number;
  /** The mean distance of their points. */
  distance: number;
}

/**
 * The joins of average-linkage clusters of points whose distances are given: the two clusters whose points are nearest on
 * average are joined, again and again, while that distance is at most `cut`. Clusters are joined after their parts.
 *
 * Chains of nearest neighbours find the same clusters in a time that grows with the square of the number of points, where
 * looking through all pairs at each step takes its cube.
 * @param distances [count, count], symmetric; it is overwritten
 */
export function averageLinkageJoins(distances: Float32Array | Float64Array, count: number, cut: number): Join[] {
  // By lowest point: how many points a cluster has; 0 where there is none, or it can join no other.
  const size = new Float64Array(count).fill(1);
  const joins: Join[] = [];
  const chain: number[] = [];
  let first = 0;
  for (;;) {
    while (first < count && size[first] === 0) first++;
    if (first === count) return joins;
    if (chain.length === 0) chain.push(first);
    const here = chain.at(-1)!;
    const before = chain.at(-2);
    // The nearest cluster; of equally near ones the one that the chain came from, so that it ends.
    let nearest = before ?? -1;
    let least = before === undefined ? Infinity : distances[here * count + before]!;
    for (let other = 0; other < count; other++) {
      if (other === here || size[other] === 0) continue;
      const distance = distances[here * count + other]!;
      if (distance >= least) continue;
      nearest = other;
      least = distance;
    }
    if (nearest === -1 || least > cut) {
      // Nothing will ever be nearer to this cluster: joining others only averages their distances to it.
      size[here] = 0;
      chain.pop();
      continue;
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [lower, higher] = [Math.min(here, nearest), Math.max(here, nearest)];
    joins.push({ lower, higher, distance: least });
    const [p, q] = [size[lower]!, size[higher]!];
    size[lower] = p + q;
    size[higher] = 0;
    for (let other = 0; other < count; other++) {
      if (size[other] === 0 || other === lower) continue;
      const mean = (p * distances[lower * count + other]! + q * distances[higher * count + other]!) / (p + q);
      distances[lower * count + other] = mean;
      distances[other * count + lower] = mean;
    }
  }
}

/**
 * The clusters that are left when only joins up to the distance `cut` are made.
 * @returns the clusters as ascending indices, by their lowest index
 */
export function clustersWithin(joins: readonly Join[], count: number, cut: number): number[][] {
  const members = Array.from({ length: count }, (_, i) => [i]);
  for (const { lower, higher, distance } of joins) {
    if (distance > cut) continue;
    members[lower]!.push(...members[higher]!);
    members[higher] = [];
  }
  return members.filter(({ length }) => length > 0).map((cluster) => cluster.sort((i, j) => i - j));
}

/**
 * Average-linkage clusters of points, which are joined while their mean distance is at most `cut`.
 * @param distances [count, count], symmetric; it is overwritten
 * @returns the clusters as ascending indices, by their lowest index
 */
export function averageLinkage(distances: Float32Array | Float64Array, count: number, cut: number): number[][] {
  return clustersWithin(averageLinkageJoins(distances, count, cut), count, cut);
}
