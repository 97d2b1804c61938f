import { readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import type { Figure } from "../../src/claims/claim.ts";
import { cyclic, sequential, UNKNOWN } from "../../src/report/colours.ts";
import { figureHtml } from "../../src/report/figure.ts";
import { readable } from "../../src/report/format-number.ts";
import { raster } from "../../src/report/raster.ts";
import { thinned } from "../../src/report/thinned.ts";
import { seen } from "../../src/report/rotation.ts";
import { tally, verdictTable } from "../../src/report/verdict-table.ts";
import { barcode, cloud, finding, FINDINGS, histogram, image, lines, maps, scatter } from "./synthetic.ts";

const drawn = (figure: Figure): Element => parseHTML(figureHtml(figure).markup).document.querySelector("figure")!;

const attribute = (element: Element, name: string): number => Number(element.getAttribute(name));

describe("numbers", () => {
  // Kills: five digits, a hyphen for a minus, whole numbers with decimals, tiny numbers as 0.
  test.each([
    [0, "0"],
    [12, "12"],
    [123456, "123456"],
    [1.23456, "1.235"],
    [-0.5, "−0.5"],
    [0.00012346, "0.0001235"],
    [0.000012346, "1.235 × 10⁻⁵"],
    [-2.5e7, "−2.500 × 10⁷"],
    [3e10, "3.000 × 10¹⁰"],
    [NaN, "–"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
  ])("shows %d as %s", (value, text) => {
    expect(readable(value)).toBe(text);
  });

  // Kills: the last points kept rather than evenly taken ones, one more than asked for.
  test("are thinned evenly", () => {
    const points = Array.from({ length: 10 }, (_, k) => k);
    expect(thinned(points, 10)).toEqual(points);
    expect(thinned(points, 5)).toEqual([0, 2, 4, 6, 8]);
    expect(thinned(points, 4)).toEqual([0, 3, 6, 9]);
  });
});

describe("pictures", () => {
  const pixels = (uri: string): PNG => PNG.sync.read(Buffer.from(uri.split(",")[1]!, "base64"));
  const pixel = ({ data, width }: PNG, x: number, y: number): number[] => [
    ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3),
  ];

  // Kills: the first row on top, x and y exchanged, unknown as 0, colours of the wrong range.
  test("have their first row at the bottom, and grey where nothing is known", () => {
    const png = pixels(raster({ size: 2, values: [0, 5, null, 10] }, [0, 10]));
    expect([png.width, png.height]).toEqual([2, 2]);
    expect(pixel(png, 0, 1)).toEqual(sequential(0));
    expect(pixel(png, 1, 1)).toEqual(sequential(0.5));
    expect(pixel(png, 0, 0)).toEqual(UNKNOWN);
    expect(pixel(png, 1, 0)).toEqual(sequential(1));
  });

  // Kills: a map that is cut or filled up in silence.
  test("refuse a grid that is not square", () => {
    expect(() => raster({ size: 2, values: [1, 2, 3] }, [0, 1])).toThrow("a grid of 3 numbers; expected 2 x 2");
  });

  // Kills: a colour map that is not readable in grey, phases whose ends differ.
  test("get lighter from low to high; phases close", () => {
    const lightness = Array.from({ length: 11 }, (_, k) => luminance(sequential(k / 10)));
    expect(lightness).toEqual([...lightness].sort((p, q) => p - q));
    expect(lightness.at(-1)! - lightness[0]!).toBeGreaterThan(0.5);
    expect(cyclic(1)).toBe(cyclic(0));
    expect(cyclic(1.25)).toBe(cyclic(0.25));
    expect(cyclic(0.5)).not.toBe(cyclic(0));
  });

  // Kills: an autocorrelogram on a rate map's scale (-0.5 would not be darkest), rate maps on one common scale, a map's kind guessed from its sign.
  test("of maps are on scales of their own, those of autocorrelograms on one", () => {
    const figure = drawn({
      ...maps,
      kind: "maps",
      bins: 1,
      box: 5,
      rows: [
        {
          label: "row",
          maps: [
            { kind: "rates", label: "low", size: 2, values: [0, 1, 1, 1] },
            { kind: "rates", label: "high", size: 2, values: [0, 7, 7, 7] },
            { kind: "autocorrelogram", label: "correlogram", size: 2, values: [-0.5, 0.25, 1, 1] },
            { kind: "autocorrelogram", label: "never negative", size: 2, values: [0.25, 0.25, 1, 1] },
          ],
        },
      ],
    });
    const [low, high, correlogram, positive] = [...figure.querySelectorAll(".tiles img")];
    expect(high!.getAttribute("src")).toBe(low!.getAttribute("src"));
    expect(low!.getAttribute("alt")).toBe("Rate map: row, low");
    expect(correlogram!.getAttribute("alt")).toBe("Autocorrelogram: row, correlogram");
    expect(pixel(pixels(correlogram!.getAttribute("src")!), 0, 1)).toEqual(sequential(0));
    expect(pixel(pixels(correlogram!.getAttribute("src")!), 1, 1)).toEqual(sequential(0.5));
    expect(positive!.getAttribute("alt")).toBe("Autocorrelogram: row, never negative");
    expect(pixel(pixels(positive!.getAttribute("src")!), 0, 1)).toEqual(sequential(0.5));
  });

  // Kills: a spectrum without its extent on the axes, or scaled to anything but its own range.
  test("of spectra run from their lowest to their highest number", () => {
    const figure = drawn({
      ...image,
      kind: "image",
      size: 2,
      extent: 3,
      xLabel: "kx",
      yLabel: "ky",
      values: [2, 3, 3, 4],
    });
    const png = pixels(
      figure.querySelector("image")!.getAttribute("xlink:href") ?? figure.querySelector("image")!.getAttribute("href")!,
    );
    expect(pixel(png, 0, 1)).toEqual(sequential(0));
    expect(pixel(png, 1, 0)).toEqual(sequential(1));
    expect(figure.querySelector(".scale")!.textContent.trim()).toBe("2  4");
    expect(figure.querySelector("svg")!.getAttribute("aria-label")).toBe("Picture over kx and ky, each from −3 to 3");
  });
});

describe("plots", () => {
  // Kills: shares instead of counts, panels with bars of their own widths, series merged into one panel.
  test("of histograms have bars as high as counts, over the same bins in every panel", () => {
    const series = [
      { label: "a", values: [0, 0, 0, 1] },
      { label: "b", values: [1, 1, 0.5] },
    ];
    const figure = drawn({ ...histogram, kind: "histogram", xLabel: "x", series });
    const bars = [...figure.querySelectorAll("g[aria-label=rect] rect")];
    const heights = bars.map((bar) => attribute(bar, "height"));
    expect(heights.map((height) => Math.round((3 * height) / Math.max(...heights)))).toEqual([3, 1, 1, 2]);
    expect(new Set(bars.map((bar) => Math.round(attribute(bar, "width")))).size).toBe(1);
    expect(attribute(bars[1]!, "x")).toBe(attribute(bars[3]!, "x"));
  });

  // Kills: y downwards, axes exchanged, unequal scales in a square frame.
  test("of points put x to the right and y up, on equal scales where the frame is square", () => {
    const series = [
      {
        label: "",
        points: [
          [0, 0],
          [2, 0],
          [0, 1],
        ] as [number, number][],
      },
    ];
    const dots = [
      ...drawn({ ...scatter, kind: "scatter", xLabel: "x", yLabel: "y", square: true, series }).querySelectorAll(
        "g[aria-label=dot] circle",
      ),
    ];
    const [[x0, y0], [x1, y1], [x2, y2]] = dots.map((dot) => [attribute(dot, "cx"), attribute(dot, "cy")]) as [
      [number, number],
      [number, number],
      [number, number],
    ];
    expect(y1).toBe(y0);
    expect(x2).toBe(x0);
    expect(x1).toBeGreaterThan(x0);
    expect(y0 - y2).toBeCloseTo((x1 - x0) / 2, 1);
  });

  // Kills: all of very many points drawn, or some left out without a word.
  test("of very many points draw some and say so", () => {
    const points = Array.from({ length: 9000 }, (_, k): [number, number] => [k, k]);
    const many = drawn({ ...scatter, kind: "scatter", xLabel: "x", yLabel: "y", series: [{ label: "", points }] });
    expect(many.querySelectorAll("circle").length).toBe(3000);
    expect(many.querySelector(".note")!.textContent).toContain("At most 4000 points are drawn");
    expect(drawn(scatter).querySelector(".note")).toBeNull();
  });

  // Kills: a linear axis where a logarithmic one was asked for, a zero that breaks it, marks left out or misplaced.
  test("of lines have their marks, and a logarithmic axis where asked", () => {
    const points: [number, number][] = [
      [0, 0],
      [1, 1],
      [2, 10],
      [3, 100],
    ];
    const logs = drawn({
      ...lines,
      kind: "lines",
      xLabel: "x",
      yLabel: "y",
      log: true,
      marks: [{ x: 2, label: "here" }],
      series: [{ label: "", points }],
    });
    const dots = [...logs.querySelectorAll("g[aria-label=dot] circle")].map(
      (dot) => [attribute(dot, "cx"), attribute(dot, "cy")] as const,
    );
    expect(dots).toHaveLength(3);
    expect(dots[0]![1] - dots[1]![1]).toBeCloseTo(dots[1]![1] - dots[2]![1], 1);
    expect(
      attribute(
        logs.querySelector("g[aria-label=rule] line, line[aria-label=rule], [stroke-dasharray='3,3'] line")!,
        "x1",
      ),
    ).toBeCloseTo(dots[1]![0], 0);
    expect(logs.textContent).toContain("here");
  });

  // Kills: two series that look alike, a legend that does not name them.
  test("tell ten series apart by colour and dash", () => {
    const figure = drawn(lines);
    const looks = [...figure.querySelectorAll(".legend .swatch")].map(
      (swatch) =>
        /stroke="var[^"]*"/.exec(swatch.outerHTML)![0] + String(/stroke-dasharray="[^"]*"/.exec(swatch.outerHTML)?.[0]),
    );
    expect(new Set(looks).size).toBe(10);
    expect([...figure.querySelectorAll(".legend li")].map(({ textContent }) => textContent)).toEqual(
      Array.from({ length: 10 }, (_, k) => `seed ${k}`),
    );
  });

  // Kills: bars by birth, the null over the wrong series, an endless bar that ends.
  test("of bars put the longest first, beneath the null's, and mark those that never end", () => {
    const series = [
      {
        label: "H1",
        bars: [
          [0.5, 1],
          [0, 2],
          [0.2, null],
        ] as [number, number | null][],
      },
    ];
    const figure = drawn({ ...barcode, kind: "barcode", series, nullLengths: [0.6] });
    const bars = [...figure.querySelectorAll("g[aria-label=rule] line")].map((bar) => ({
      y: attribute(bar, "y1"),
      length: attribute(bar, "x2") - attribute(bar, "x1"),
      from: attribute(bar, "x1"),
    }));
    expect(bars).toHaveLength(4);
    const [nothing, endless, long, short] = bars;
    expect(bars.map(({ y }) => y)).toEqual(bars.map(({ y }) => y).sort((p, q) => p - q));
    expect(nothing!.from).toBe(endless!.from);
    expect(nothing!.length / long!.length).toBeCloseTo(0.3, 2);
    expect(short!.length / long!.length).toBeCloseTo(0.25, 2);
    expect(figure.querySelectorAll("g[aria-label=dot] path")).toHaveLength(1);
    expect(drawn(barcode).textContent).toContain("H0, the longest 20 of 40");
  });
});

describe("clouds", () => {
  // Kills: a turn that is no rotation, a mirrored one, y downwards.
  test("are seen from a turned eye: lengths stay, the front comes first", () => {
    const { x, y, depth } = seen([1, 2, 3], { yaw: 0, pitch: 0 });
    expect([x, y, depth]).toEqual([1, -2, 3]);
    for (const turn of [
      { yaw: 1, pitch: 0.3 },
      { yaw: -2, pitch: -1 },
    ]) {
      const rows = (
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ] as const
      )
        .map((point) => seen(point, turn))
        .map((s) => [s.x, -s.y, s.depth] as const);
      const [a, b, c] = rows as unknown as [number[], number[], number[]];
      const dot = (p: number[], q: number[]): number => p.reduce((sum, value, k) => sum + value * q[k]!, 0);
      const cross = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
      expect(dot(a, a)).toBeCloseTo(1);
      expect(dot(a, b)).toBeCloseTo(0);
      expect(dot(cross, c)).toBeCloseTo(1);
    }
    expect(seen([0, 0, 1], { yaw: 0.5, pitch: 0 }).x).toBeGreaterThan(0);
    expect(seen([0, 0, 1], { yaw: 0, pitch: 0.5 }).y).toBeGreaterThan(0);
  });

  // Kills: a far dot over a near one, points beyond the picture, colours of other points.
  test("are drawn within the picture, the nearest dot last and largest", () => {
    const figure = drawn({
      ...cloud,
      kind: "cloud",
      points: [
        [5, 5, 9],
        [5, 5, 5],
        [5, 5, 1],
      ],
      colours: [0, 0.25, 0.5],
    });
    const dots = [...figure.querySelectorAll("circle")];
    expect(dots.map((dot) => dot.getAttribute("fill"))).toEqual([cyclic(0.5), cyclic(0.25), cyclic(0)]);
    const radii = dots.map((dot) => attribute(dot, "r"));
    expect(radii).toEqual([...radii].sort((p, q) => p - q));
    expect(dots.map((dot) => dot.getAttribute("data-at"))).toEqual(["0 0 -1", "0 0 0", "0 0 1"]);
  });
});

describe("colours of the style sheet", () => {
  const css = readFileSync("src/report/page.css", "utf8");
  const [light, dark] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(
    ([, block]) => new Map([...block!.matchAll(/--([\w-]+): (#\w+);/g)].map(([, name, value]) => [name!, value!])),
  );

  // Kills: an orange on white or a blue on black that cannot be read (WCAG: 4.5 for text, 3 for graphics).
  test.each([
    ["light", light!],
    ["dark", dark!],
  ] as const)("stand out in the %s set", (_, colours) => {
    const paper = hexLuminance(colours.get("paper")!);
    for (const [name, value] of colours) {
      if (["paper", "rule"].includes(name)) continue;
      const least = /^(series|null)/.test(name) ? 3 : 4.5;
      expect(contrast(hexLuminance(value), paper), `${name} on paper`).toBeGreaterThan(least);
    }
    expect([...colours.keys()]).toEqual([...light!.keys()]);
  });
});

describe("verdicts in a terminal", () => {
  // Kills: columns that do not line up, a reason left out.
  test("stand in columns", () => {
    const lines = verdictTable(FINDINGS).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "C1  holds        Periodic tuning and discrete modules",
      "                 9 of 10 seeds have two or more modules (null: 0 of 10).",
      "C3  fails        The lattice is hexagonal",
      "                 4 of 10 seeds have six peaks; the others are sheared.",
    ]);
    expect(tally([finding({})])).toBe("of 1 claims 1 hold, 0 fail, 0 are not decided");
  });
});

function luminance(channels: readonly number[]): number {
  const [red, green, blue] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function hexLuminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return luminance([1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16)));
}

function contrast(p: number, q: number): number {
  return (Math.max(p, q) + 0.05) / (Math.min(p, q) + 0.05);
}
