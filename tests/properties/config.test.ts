import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/io/error.ts";
import { CONFIG_KEYS, parseConfig, preset, PRESETS, type PresetName } from "../../src/train/config.ts";

describe("config", () => {
  // Kills: a preset that breaks its own rules.
  test.each(Object.keys(PRESETS) as PresetName[])("the preset %s is valid and comes back as it is", (name) => {
    expect(parseConfig(preset(name), "preset")).toEqual(PRESETS[name]);
  });

  // Kills: a key that is not checked, an error that does not name it.
  test("any key with a value of another type is an InputError that names key and value", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CONFIG_KEYS), fc.constantFrom(null, [0], {}, "seven", NaN), (key, bad) => {
        const spoilt = { ...PRESETS.fast, [key]: bad };
        expect(() => parseConfig(spoilt, "here")).toThrow(InputError);
        expect(() => parseConfig(spoilt, "here")).toThrow(
          `here: ${Array.isArray(PRESETS.fast[key]) && Array.isArray(bad) ? `${key}.0` : key} is `,
        );
      }),
    );
  });

  // Kills: bounds left open (beta = 1 divides by zero), sizes that no memory holds, Infinity shown as JSON's null.
  test.each([
    ["seed", -1],
    ["steps", 0],
    ["units", 1],
    ["timesteps", 2.5],
    ["attempts", 0],
    ["velocityMax", 0],
    ["learningRate", -1e-4],
    ["plateauFactor", 2],
    ["beta1", 1],
    ["beta2", 1],
    ["units", 3000],
    ["hidden", 1e6],
    ["trajectories", 1e9],
    ["sigmaX", Infinity],
    ["permute", "yes"],
    ["velocityShape", "ring"],
  ])("%s = %s is refused", (key, bad) => {
    expect(() => parseConfig({ ...PRESETS.fast, [key]: bad }, "here")).toThrow(
      `here: ${key} is ${typeof bad === "string" ? JSON.stringify(bad) : String(bad)}; expected `,
    );
  });

  // Kills: a criterion on what is no loss, one behind the end of an attempt.
  test.each([
    [[{ at: 0.5, term: "speed" }], 'acceptanceCriteria.0.term is "speed"; expected one of total, sep, inv, cap, con'],
    [[{ at: 2, term: "inv" }], "acceptanceCriteria.0.at is 2; expected "],
  ])("the acceptance criteria %j are refused", (acceptanceCriteria, says) => {
    expect(() => parseConfig({ ...PRESETS.fast, acceptanceCriteria }, "here")).toThrow(`here: ${says}`);
  });

  // Kills: a curriculum that asks for more memory than was allowed for, knots in disorder, keys that a curriculum cannot move.
  test.each([
    [
      [{ at: 0, timesteps: 61 }],
      'curriculum is [{"at":0,"timesteps":61}]; expected timesteps of at most the run\'s own (60)',
    ],
    [
      [{ at: 0.5 }, { at: 0.25 }],
      'curriculum is [{"at":0.5},{"at":0.25}]; expected knots in the order of their shares',
    ],
    [[{ at: 1.5 }], "curriculum.0.at is 1.5; expected "],
    [[{ at: 0, sigmaG: 0 }], "curriculum.0.sigmaG is 0; expected "],
    [[{ sigmaG: 1 }], "curriculum.0.at is missing; expected "],
    [[{ at: 0, units: 3 }], "unknown key units"],
  ])("the curriculum %j is refused", (curriculum, says) => {
    expect(() => parseConfig({ ...PRESETS.fast, curriculum }, "here")).toThrow(`here: ${says}`);
  });

  // Kills: unknown keys that are silently dropped, missing ones silently filled.
  test("unknown and missing keys and presets are refused", () => {
    expect(() => parseConfig({ ...PRESETS.fast, sigmaY: 1 }, "here")).toThrow(
      "here: unknown key sigmaY; expected some of seed, steps",
    );
    const rest = Object.fromEntries(Object.entries(PRESETS.fast).filter(([key]) => key !== "sigmaX"));
    expect(() => parseConfig(rest, "here")).toThrow("here: sigmaX is missing; expected a finite number");
    expect(() => preset("slow")).toThrow('preset is "slow"; expected one of fast, wide, paper, glimpse');
    expect(() => parseConfig([], "here")).toThrow("here: config is []; expected an object");
  });
});
