import { parameterShapes, perParameter, type ParameterName } from "./parameters.ts";
import type { Config } from "./config.ts";
import type { Random } from "./random-source.ts";

/** How much smaller the last layer starts under `identity`. */
const LAST_LAYER_GAIN = 0.1;

/**
 * T7: the parameters' first values, flat, row by row.
 *
 * `library`: weights and biases of each linear layer uniform in +-1/sqrt(inputs), as linear layers commonly start; gamma
 * standard normal. `identity`: as that, but the middle layer's weights sqrt(3) times as wide (variance 1/inputs), the last
 * layer's a tenth with the identity matrix added to its bias, so that W(v) starts near I, and gamma the modulus of a normal.
 * @spec T7
 */
export function initialise(config: Config, random: Random): Record<ParameterName, Float32Array> {
  const { units, hidden, init } = config;
  const shapes = parameterShapes(units, hidden);
  const inputs = { A1: 2, a1: 2, A2: hidden, a2: hidden, A3: hidden, a3: hidden };
  const gains = init === "library" ? {} : { A2: Math.sqrt(3), A3: LAST_LAYER_GAIN, a3: LAST_LAYER_GAIN };
  return perParameter((name) => {
    const values = new Float32Array(shapes[name].reduce((a, b) => a * b, 1));
    if (name === "gamma") return values.map(() => (init === "library" ? random.normal() : Math.abs(random.normal())));
    const gain = (gains as Partial<Record<ParameterName, number>>)[name] ?? 1;
    const bound = gain / Math.sqrt(inputs[name]);
    values.forEach((_, i) => {
      const diagonal = name === "a3" && init === "identity" && i % (units + 1) === 0 ? 1 : 0;
      values[i] = diagonal + bound * (2 * random.uniform() - 1);
    });
    return values;
  });
}
