import { buffer } from "node:stream/consumers";
import yauzl from "yauzl";
import { InputError } from "./error.ts";
import { readNpy, type NumberArray } from "./npy.ts";
import { requireThat } from "./require.ts";

/**
 * One array of a .npz file, which is a zip archive of .npy files.
 * @param name of the array; without it the only one that has as many axes as wanted, or the only one at all
 * @param axes how many axes are wanted
 * @param most bytes that the array may have when it is unpacked
 * @throws InputError for another file, for a name that is not there, and where the choice is not clear; with the names that are there
 */
export async function readNpz(
  bytes: Buffer,
  { name, axes, most }: { name: string | undefined; axes: number; most: number },
): Promise<NumberArray> {
  const arrays = new Map<string, Buffer>();
  try {
    const zip = await yauzl.fromBufferPromise(bytes);
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith(".npy")) continue;
      const size = entry.uncompressedSize;
      requireThat(size <= most, entry.fileName, `${size} bytes`, `at most ${most} bytes: judge fewer units at a time`);
      arrays.set(entry.fileName.slice(0, -".npy".length), await buffer(await zip.openReadStreamPromise(entry)));
    }
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`not a .npz file: ${(error as Error).message}`);
  }
  const names = [...arrays.keys()].join(", ") || "none";
  if (name !== undefined) {
    const chosen = arrays.get(name);
    requireThat(chosen !== undefined, "array", name, `one of those in the file: ${names}`);
    return readNpy(chosen);
  }
  if (arrays.size === 1) return readNpy([...arrays.values()][0]!);
  const fitting = [...arrays.values()].flatMap((one) => {
    try {
      const array = readNpy(one);
      return array.shape.length === axes ? [array] : [];
    } catch (error) {
      if (error instanceof InputError) return []; // of text, or of objects
      throw error;
    }
  });
  if (fitting.length === 1) return fitting[0]!;
  throw new InputError(
    `the file has ${fitting.length} arrays of ${axes} axes; expected one, or its name by --array. In the file: ${names}`,
  );
}
