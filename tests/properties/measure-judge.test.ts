import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { PNG } from "pngjs";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { progress } from "../../src/cli/progress.ts";
import { analyse, judge } from "../../src/measure/judge.ts";
import type { Judgement } from "../../src/measure/judgement.ts";
import { table } from "../../src/measure/judgement-table.ts";
import { mapsFromJson, mapsFromNpy, readMaps, type Axis } from "../../src/measure/read-maps.ts";
import { picture } from "../../src/report/module-picture.ts";
import { spatialInformation } from "../../src/measure/tuning.ts";
import { moduleMaps, nested, noiseMap, placeMap, population, stripeMap } from "../../src/synthetic/maps.ts";

/** The bytes of a .npy file of a given type, with its numbers written by `write`. */
function npy(type: string, shape: readonly number[], fortran: boolean, data: Buffer): Buffer {
  const order = fortran ? "True" : "False";
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape.join(", ")},), }\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header, "latin1"), data]);
}

function bytesOf(type: string, values: readonly number[]): Buffer {
  const width = Number(type.at(-1));
  const out = Buffer.alloc(width * values.length);
  values.forEach((value, i) => {
    if (type === "<f8") out.writeDoubleLE(value, 8 * i);
    if (type === ">f8") out.writeDoubleBE(value, 8 * i);
    if (type === "<f4") out.writeFloatLE(value, 4 * i);
    if (type === ">f4") out.writeFloatBE(value, 4 * i);
  });
  return out;
}

const units = 2;
const bins = 8;
const numbers = fc.array(fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(NaN)), {
  minLength: units * bins * bins,
  maxLength: units * bins * bins,
});

describe("reading rate maps", () => {
  test("every float type, byte order and memory order gives the same maps (mutants: y and x exchanged; byte order ignored)", () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom("<f4", ">f4", "<f8", ">f8"), fc.boolean(), (values, type, fortran) => {
        fc.pre(values.some((value) => !Number.isNaN(value)));
        const stored = fortran
          ? values.map((_, i) => {
              const [unit, row, column] = [i % units, Math.floor(i / units) % bins, Math.floor(i / (units * bins))];
              return values[(unit * bins + row) * bins + column]!;
            })
          : values;
        const maps = mapsFromNpy(npy(type, [units, bins, bins], fortran, bytesOf(type, stored)), { box: 3 }).maps;
        expect({ ...maps, values: Array.from(maps.values) }).toEqual({ units, bins, box: 3, values });
      }),
    );
  });

  test("integers and booleans are read, also those of 64 bits (mutants: the sign; the width)", () => {
    const area = bins * bins;
    const kinds: [string, (at: Buffer, value: number, i: number) => void, number][] = [
      ["|i1", (at, value, i) => void at.writeInt8(value, i), 1],
      ["<i2", (at, value, i) => void at.writeInt16LE(value, 2 * i), 2],
      [">i4", (at, value, i) => void at.writeInt32BE(value, 4 * i), 4],
      ["<i8", (at, value, i) => void at.writeBigInt64LE(BigInt(value), 8 * i), 8],
      ["<u2", (at, value, i) => void at.writeUInt16LE(value & 0xffff, 2 * i), 2],
      ["|b1", (at, value, i) => void at.writeUInt8(value & 1, i), 1],
    ];
    for (const [type, write, width] of kinds) {
      const data = Buffer.alloc(width * area);
      const values = Array.from({ length: area }, (_, i) => (i % 7) - 3);
      values.forEach((value, i) => {
        write(data, value, i);
      });
      const wanted = values.map((value) => (type === "<u2" ? value & 0xffff : type === "|b1" ? value & 1 : value));
      const { maps: read } = mapsFromNpy(npy(type, [bins, bins], false, data), { box: 1 });
      expect({ type, units: read.units, values: Array.from(read.values) }).toEqual({ type, units: 1, values: wanted });
    }
  });

  test("axes in any order and turned ones are the same maps (mutants: strides of another axis; the wrong axis turned)", () => {
    const sizes = { unit: 3, y: 8, x: 8 };
    const value = (unit: number, y: number, x: number): number => 100 * unit + 10 * y + x;
    const orders: Axis[][] = [
      ["unit", "y", "x"],
      ["unit", "x", "y"],
      ["y", "x", "unit"],
      ["x", "unit", "y"],
    ];
    for (const axes of orders) {
      for (const flip of [[], ["y"], ["x", "y"]] as Axis[][]) {
        const stored: number[] = [];
        const shape = axes.map((axis) => sizes[axis]);
        for (let i = 0; i < shape[0]! * shape[1]! * shape[2]!; i++) {
          const index = [Math.floor(i / (shape[1]! * shape[2]!)), Math.floor(i / shape[2]!) % shape[1]!, i % shape[2]!];
          const at = (axis: Axis): number => {
            const here = index[axes.indexOf(axis)]!;
            return flip.includes(axis) ? sizes[axis] - 1 - here : here;
          };
          stored.push(value(at("unit"), at("y"), at("x")));
        }
        const { maps: read } = mapsFromNpy(npy("<f8", shape, false, bytesOf("<f8", stored)), { box: 1, axes, flip });
        const wanted = Array.from({ length: 192 }, (_, i) => value(Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8));
        expect({ axes, flip, values: Array.from(read.values) }).toEqual({ axes, flip, values: wanted });
      }
    }
  });

  test("files of other programs get a line of advice, doubtful ones a hint (mutants: a type without advice; no hint)", async () => {
    for (const [file, how] of [
      ["a.mat", "scipy.io.loadmat"],
      ["a.h5", "h5py.File"],
      ["a.nwb", "pynwb"],
      ["a.csv", "numpy.loadtxt"],
      ["a.pkl", "pickle.load"],
    ] as const) {
      await expect(readMaps(file, Buffer.alloc(1), { box: 1 })).rejects.toThrow(
        new RegExp(`^${file} is of a type that is not read; load it in Python with .*${how}.*numpy.save`),
      );
    }
    const cube = npy(
      "<f4",
      [8, 8, 8],
      false,
      bytesOf(
        "<f4",
        Array.from({ length: 512 }, (_, i) => i % 5),
      ),
    );
    expect(mapsFromNpy(cube, { box: 1 }).hints[0]).toMatch(/all three axes have 8 entries/);
    expect(mapsFromNpy(cube, { box: 1, axes: ["y", "x", "unit"] }).hints).toEqual([]);
    expect(mapsFromNpy(cube, { box: 150, axes: ["y", "x", "unit"] }).hints[0]).toMatch(
      /side of 150 m; if these are cent/,
    );
  });

  test("half precision is read to the bit (mutants: subnormal numbers; the exponent's bias; the sign)", () => {
    const halves: [number, number][] = [
      [0x0000, 0],
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x0400, 2 ** -14],
      [0x0001, 2 ** -24],
      [0x3555, 0.333251953125],
      [0x7e00, NaN],
    ];
    const data = Buffer.alloc(2 * 64);
    for (let i = 0; i < 64; i++) data.writeUInt16LE(halves[i % 8]![0], 2 * i);
    const { values } = mapsFromNpy(npy("<f2", [1, 8, 8], false, data), { box: 1 }).maps;
    expect(Array.from(values.subarray(0, 8))).toEqual(halves.map(([, value]) => value));
  });

  test("JSON with null for unvisited bins is the same maps (mutant: null as 0)", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        fc.pre(values.some((value) => !Number.isNaN(value)));
        const area = bins * bins;
        const text = JSON.stringify([0, 1].map((unit) => nested(values.slice(unit * area, (unit + 1) * area))));
        expect(Array.from(mapsFromJson(text, { box: 1 }).maps.values)).toEqual(
          values.map((value) => (Object.is(value, -0) ? 0 : value)),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("what cannot be rate maps is named (mutants: any check left out)", () => {
    const data = bytesOf("<f8", new Array<number>(64).fill(1));
    const read = (bytes: Buffer) => () => mapsFromNpy(bytes, { box: 1 });
    expect(read(Buffer.from("hello"))).toThrow("file is not a .npy file, expected one that begins with \\x93NUMPY");
    expect(read(npy("<c8", [1, 8, 8], false, data))).toThrow("type is <c8, expected floats, integers or booleans");
    expect(read(npy("<f8", [64], false, data))).toThrow("number of axes is 1, expected 3 (unit, y, x), or 2 (y, x)");
    expect(read(npy("<f8", [1, 4, 16], false, data))).toThrow("shape is [1, 4, 16], expected [unit, y, x]");
    expect(read(npy("<f8", [2, 8, 8], false, data))).toThrow("file is of 586 bytes, expected 1098 for shape [2, 8, 8]");
    expect(read(npy("<f8", [1, 8, 8], false, bytesOf("<f8", new Array<number>(64).fill(NaN))))).toThrow(
      "every value is NaN, expected a finite number in the visited bins",
    );
    expect(read(npy("<f8", [1, 8, 8], false, bytesOf("<f8", new Array<number>(64).fill(Infinity))))).toThrow(
      "value 0 is Infinity, expected a finite number, or NaN for an unvisited bin",
    );
    expect(() => mapsFromNpy(npy("<f8", [1, 8, 8], false, data), { box: 0 })).toThrow(
      "box is 0, expected a number of metres from 0.001 to 10000",
    );
    expect(() => mapsFromJson("{", { box: 1 })).toThrow(/^JSON: .*expected JSON/);
    expect(() => mapsFromJson("[[NaN]]", { box: 1 })).toThrow(
      "(Python writes NaN, which JSON does not have: write null)",
    );
    expect(() => mapsFromJson("[[1]]", { box: 1 })).toThrow(
      "shape is [1, 1], expected [y, x] with y equal to x and at least 8",
    );
    const ragged = nested(new Array<number>(64).fill(1)).map((row, y) => (y === 3 ? row.slice(1) : row));
    expect(() => mapsFromJson(JSON.stringify([ragged]), { box: 1 })).toThrow(
      "JSON[0][3] is an array of 7, expected an array of 8, like the first",
    );
    const wordy = nested(new Array<number>(64).fill(1)).map((row) => row.map(String));
    expect(() => mapsFromJson(JSON.stringify([wordy]), { box: 1 })).toThrow(
      "JSON[0][0][0] is 1, expected a number or null",
    );
  });
});

/** The bytes of a zip archive with files as they are, as numpy.savez writes it. */
function zip(files: readonly [string, Buffer][]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const common = Buffer.alloc(26); // from the version to the length of the extra field
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), bytes]);
    const rest = Buffer.alloc(14); // comment, disk, attributes, and where the entry begins
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, Buffer.from(name));
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\x05\x06"), end]);
}

const BINS = 32;
const BOX = 2;
const GRID = { bins: BINS, box: BOX, spacing: 0.42, orientation: 10, noise: 0.1, seed: 3 };
const maps = population(
  [
    ...moduleMaps(GRID, 4),
    ...[0, 0.1, 0.2].map((shift) => stripeMap(BINS, BOX, 0.5 + 0.001 * shift, 30)),
    placeMap(BINS, BOX, [0.3, 0.2], 0.2),
  ],
  BOX,
);

describe("the judge", () => {
  test("gives hexagonal and stripe modules with what each has, and no pair of stripes (mutant: NaN in JSON)", () => {
    const { units, active, modules, pairs } = judge(maps, { shuffles: 0 });
    expect({ units, active, pairs }).toEqual({ units: 8, active: 8, pairs: [] });
    expect(modules.map((module) => module.class)).toEqual(["hexagonal", "stripe"]);
    const [, stripes] = modules;
    expect(stripes!.spacing[0]).toBeCloseTo(0.5, 1);
    expect([stripes!.spacing[1], stripes!.angle, stripes!.ellipticity, stripes!.null]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(stripes!.orientation).toBeCloseTo(30, 0);
  });

  test("the table turns a hexagonal module by less than 60.0 degrees (mutant: 59.98 rounded to 60.0)", () => {
    const found = judge(maps, { shuffles: 0 });
    const turnOf = (orientation: number): string => {
      const lines = table({ ...found, modules: [{ ...found.modules[0]!, orientation }] }).split("\n");
      const end = lines[2]!.indexOf("turn") + "turn".length;
      return lines
        .find((line) => line.includes("hexagonal"))!
        .slice(0, end)
        .trim()
        .split(/\s+/)
        .at(-1)!;
    };
    expect([59.98, 59.94, 0.02, 12.34].map(turnOf)).toEqual(["0.0", "59.9", "0.0", "12.3"]);
  });

  test("maps that are not what they say are named (mutant: no check)", () => {
    const judgeThese = (change: object) => () => judge({ ...maps, ...change });
    expect(judgeThese({ bins: 7 })).toThrow("bins is 7, expected a whole number of at least 8");
    expect(judgeThese({ box: NaN })).toThrow("box is NaN, expected a number of metres from 0.001 to 10000");
    expect(judgeThese({ units: 9 })).toThrow("values is of length 8192, expected 9216 numbers");
    expect(() => judge(maps, { smoothing: -1 })).toThrow("smoothing is -1, expected a number of bins of at least 0");
  });

  test("one measure in metres follows the box, angles do not (mutant: bins for metres)", () => {
    const [near] = judge(maps, { shuffles: 0 }).modules;
    const [far] = judge({ ...maps, box: 10 * BOX }, { shuffles: 0 }).modules;
    expect(far!.spacing[0]).toBeCloseTo(10 * near!.spacing[0], 8);
    expect(far!.angle).toBeCloseTo(near!.angle!, 8);
    expect(far!.gridness).toBeCloseTo(near!.gridness!, 12);
  });

  test("spatial information is log2 of the inverse share of a box that one field fills, 0 if constant (mutant: natural logarithm)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.double({ min: 0.1, max: 50, noNaN: true }), (field, rate) => {
        const map = new Float64Array(64).map((_, bin) => (bin < field ? rate : 0));
        expect(spatialInformation(map)).toBeCloseTo(Math.log2(64 / field), 8);
      }),
    );
    expect(spatialInformation(new Float64Array(9))).toBe(0);
  });

  test("its picture is a PNG with as many rows as modules, or the most tuned units (mutants: an empty picture; rows cut off)", () => {
    const some = PNG.sync.read(picture(analyse(maps, { shuffles: 0 })));
    const none = PNG.sync.read(
      picture(analyse(population([noiseMap(BINS, 1), noiseMap(BINS, 2)], BOX), { shuffles: 0 })),
    );
    expect(some.width).toBe(none.width);
    expect(some.height).toBe(none.height);
    const dark = (png: PNG): number => png.data.filter((channel) => channel < 200).length;
    expect(dark(some)).toBeGreaterThan(100_000);
    expect(dark(none)).toBeGreaterThan(10_000);
  });
});

describe("the judge's command", () => {
  let folder = "";
  const run = (...words: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "src/cli/judge.ts", ...words], { encoding: "utf8" });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "judge-"));
    const data = Buffer.from(Float64Array.from(maps.values).buffer);
    writeFileSync(join(folder, "maps.npy"), npy("<f8", [8, BINS, BINS], false, data));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("prints JSON alone on stdout and writes the picture (mutant: a table as well)", () => {
    const words = [
      join(folder, "maps.npy"),
      "--box",
      "2",
      "--json",
      "--shuffles",
      "4",
      "--picture",
      join(folder, "out.png"),
    ];
    const printed = execFileSync(process.execPath, ["--import", "tsx", "src/cli/judge.ts", ...words], {
      encoding: "utf8",
    });
    const judgement = JSON.parse(printed) as Judgement;
    expect(judgement.modules[0]!.units).toEqual([0, 1, 2, 3]);
    expect(judgement).toEqual(judge(maps, { shuffles: 4 }));
    expect(readFileSync(join(folder, "out.png")).toString("latin1", 1, 4)).toBe("PNG");
  });

  test("each unit has its own numbers in a table, with its module or the reason for none (mutants: units without a module left out; a module's numbers for a unit's; rows of the active alone)", () => {
    const constant = new Float64Array(BINS * BINS).fill(3);
    const mixed = population([...moduleMaps(GRID, 4), placeMap(BINS, BOX, [0.3, 0.2], 0.2), constant], BOX);
    writeFileSync(
      join(folder, "mixed.npy"),
      npy("<f8", [6, BINS, BINS], false, Buffer.from(Float64Array.from(mixed.values).buffer)),
    );
    const out = join(folder, "units.csv");
    const { status } = run(join(folder, "mixed.npy"), "--box", "2", "--shuffles", "0", "--units", out);
    expect(status).toBe(0);
    const [head, ...rows] = readFileSync(out, "utf8").trim().split("\n");
    expect(rows).toHaveLength(6);
    const named = rows.map((row) => {
      const cells = row.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((one) => one.replace(/,$/, "").replaceAll('"', ""));
      return Object.fromEntries(head!.split(",").map((name, i) => [name, cells[i]!]));
    });
    expect(named.map(({ module }) => module)).toEqual(["0", "0", "0", "0", "", ""]);
    for (const { gridness, a, b, orientation, fields, class: name } of named.slice(0, 4)) {
      expect(name).toBe("hexagonal");
      expect(Number(gridness)).toBeGreaterThan(0.8);
      expect(Math.abs(Number(a) / 0.42 - 1)).toBeLessThan(0.05);
      expect(Math.abs(Number(b) / 0.42 - 1)).toBeLessThan(0.05);
      expect(Math.abs(Number(orientation) - 10)).toBeLessThan(3);
      expect(Number(fields)).toBeGreaterThan(15);
    }
    expect([named[4]!.class, named[4]!.fields, named[4]!.a]).toEqual(["none", "1", ""]);
    expect(named[4]!.reason).toMatch(/agrees with fewer than 2 other units/);
    expect([named[5]!.class, named[5]!.gridness]).toEqual(["", ""]);
    expect(named[5]!.reason).toMatch(/^constant/);
  });

  test("one map is judged by itself, from a file of two axes, of integers (mutants: three units needed; counts as another type)", () => {
    const [grid] = moduleMaps(GRID, 1);
    const counts = Buffer.from(Int32Array.from(grid!, (rate) => Math.round(20 * rate)).buffer);
    writeFileSync(join(folder, "one.npy"), npy("<i4", [BINS, BINS], false, counts));
    const { stdout } = run(join(folder, "one.npy"), "--box", "2", "--shuffles", "20", "--json");
    const { modules } = JSON.parse(stdout) as Judgement;
    expect(modules.map((module) => [module.units, module.class, module.counts])).toEqual([[[0], "hexagonal", true]]);
  });

  test("an array of a .npz file is found, or named (mutants: the first array; a name that is not read)", () => {
    const stored = (type: string, shape: number[], values: readonly number[]): Buffer =>
      npy(type, shape, false, bytesOf(type, values));
    const arrays: [string, Buffer][] = [
      ["rate_maps.npy", stored("<f4", [8, BINS, BINS], Array.from(maps.values))],
      ["occupancy.npy", stored("<f8", [BINS, BINS], new Array<number>(BINS * BINS).fill(1))],
    ];
    writeFileSync(join(folder, "maps.npz"), zip(arrays));
    writeFileSync(join(folder, "two.npz"), zip([...arrays, ["other.npy", arrays[0]![1]]]));
    const words = ["--box", "2", "--shuffles", "0", "--json"];
    for (const file of [[join(folder, "maps.npz")], [join(folder, "two.npz"), "--array", "rate_maps"]]) {
      const { modules } = JSON.parse(run(...file, ...words).stdout) as Judgement;
      expect(modules.map(({ units }) => units.length)).toEqual([4, 3]);
    }
    const unclear = run(join(folder, "two.npz"), ...words);
    expect(unclear.status).toBe(2);
    expect(unclear.stderr).toMatch(
      /2 arrays of 3 axes; expected one, or its name by --array.*rate_maps, occupancy, other/,
    );
    expect(run(join(folder, "two.npz"), "--array", "rates", ...words).stderr).toMatch(
      /array is rates, expected one of those in the file: rate_maps, occupancy, other/,
    );
  });

  test("what is being done is told, with a share that grows to 1 (mutants: silence; a share that falls)", () => {
    const heard: [string, number][] = [];
    analyse(maps, { shuffles: 4 }, (work, share) => void heard.push([work, share]));
    const shares = heard.map(([, share]) => share);
    expect([...new Set(heard.map(([work]) => work))]).toEqual([
      "smoothing",
      "autocorrelograms",
      "comparing units",
      "shuffled maps",
      "done",
    ]);
    expect(shares).toEqual([...shares].sort((p, q) => p - q));
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  });

  test("long work writes a line with the time that is left to stderr, short work none (mutants: lines on stdout; no time left)", () => {
    vi.useFakeTimers();
    const out = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    const err = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    try {
      const bar = progress("judging 4096 maps, %", 100);
      bar.update(2, "autocorrelograms");
      expect(err).not.toHaveBeenCalled();
      vi.advanceTimersByTime(31_000);
      bar.update(25, "comparing units");
      bar.stop();
      expect(err.mock.calls).toEqual([["judging 4096 maps, % 25/100 | 0.8/s | 1:33 left | comparing units\n"]]);
      expect(out).not.toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });

  test("bad input is one sentence on stderr and exit code 2 (mutants: a stack trace; exit code 1; output all the same)", () => {
    const file = join(folder, "maps.npy");
    const wrong: [string[], RegExp][] = [
      [[file], /required option '--box <metres>' not specified/],
      [[file, "--box", "five"], /--box <metres>' argument 'five' is invalid/],
      [[join(folder, "none.npy"), "--box", "2"], /none\.npy cannot be used: ENOENT/],
      [[file, "--box", "2", "--cut", "3"], /cut is 3, expected a distance above 0 and up to 2/],
    ];
    for (const [words, sentence] of wrong) {
      const { status, stdout, stderr } = run(...words);
      expect(stderr).toMatch(sentence);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    }
  });
});
