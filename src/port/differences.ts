import type { Parameters } from "../../spec/oracle.ts";

/** Half the distance between the two points of a central difference. */
const step = 1e-6;

/** One number among the parameters: `list[k]`, at `place` in the order in which `flatten` lists them. */
interface Entry {
  list: number[];
  k: number;
}

/** Every number of a set of parameters, in the order of `flatten`. */
function entries({ A1, a1, A2, a2, A3, a3, gamma }: Parameters): Entry[] {
  return [...A1, a1, ...A2, a2, ...A3, a3, gamma].flatMap((list) => list.map((_, k) => ({ list, k })));
}

/** The derivatives of f with respect to single parameters. Each is computed when it is asked for. */
export class CentralDifferences {
  private readonly moved: Parameters;
  private readonly entries: Entry[];
  private readonly f: (p: Parameters) => number;

  constructor(p: Parameters, f: (p: Parameters) => number) {
    this.moved = structuredClone(p);
    this.entries = entries(this.moved);
    this.f = f;
  }

  /**
   * The derivative with respect to the parameter at a place in the order of `flatten`. It is accurate to about nine
   * digits where f is smooth.
   */
  at(place: number): number {
    const { list, k } = this.entries[place]!;
    const middle = list[k]!;
    list[k] = middle + step;
    const above = this.f(this.moved);
    list[k] = middle - step;
    const below = this.f(this.moved);
    list[k] = middle;
    return (above - below) / (2 * step);
  }

  /** All derivatives, in the shape of the parameters. */
  all(): Parameters {
    const gradient = structuredClone(this.moved);
    entries(gradient).forEach(({ list, k }, place) => {
      list[k] = this.at(place);
    });
    return gradient;
  }
}
