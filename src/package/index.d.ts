/** What a port is held to, and how long it may take. The command `conform` has the same options. */
export interface ConformOptions {
  /** Only these requirements, for example ["L1", "L2"]. All of them without it. */
  only?: readonly string[];
  /** Checks that are not run: a requirement, an operation or a vector, each with the reason. */
  skip?: Readonly<Record<string, string>>;
  /** Checks that are known to fail, each with the reason. When they no longer fail, the port does not conform. */
  expectFail?: Readonly<Record<string, string>>;
  /** Seed of the fresh cases. Without it a new one each time, or 1 where the variable CI is set. */
  seed?: number;
  /** Number of fresh cases of each operation; 50 without it. */
  fresh?: number;
  /** A folder of vectors. Only these are checked then. */
  vectors?: string;
  /** The folder in which counter-examples are saved; runs/ports without it. */
  save?: string;
  /** Seconds that the port has for a request; 10 without it. */
  timeout?: number;
  /** Seconds that the port has in all; 900 without it. */
  budget?: number;
}

/** What a check found. All kinds but pass, not-covered, skipped and expected count against the port. */
export interface ConformResult {
  /** The number of the requirement, for example L1. */
  requirement: string;
  title: string;
  operation?: string;
  kind: string;
  /** One line for people. */
  message: string;
  /** The largest error, as a share of the tolerance. */
  errorShare?: number;
  /** What the known misreadings say that give the port's numbers. */
  looksLike?: string[];
  /** The file with the counter-example. */
  saved?: string;
}

/** What a port says about itself. */
export interface ConformHello {
  name: string;
  language: string;
  precision: "float32" | "float64";
  operations: string[];
  /** The settings that the port cannot change. */
  fixed?: Record<string, number | string>;
}

/** The report on a port. */
export interface ConformReport {
  /** What the port says about itself; undefined if it did not say hello. */
  hello: ConformHello | undefined;
  seed: number;
  results: ConformResult[];
  /** What the port last wrote to its standard error. */
  notes: string;
  passed: boolean;
}

/**
 * Holds a port to the specification (spec/ports.md).
 * Rejects with an error that names the option if an option is wrong. Nothing that the port does makes it reject.
 * @param command the command line that starts the port, for example "python3 my_port.py"
 */
export function conform(command: string, options?: ConformOptions): Promise<ConformReport>;
