import { randomUUID } from "node:crypto";
import {
  linkSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "./error.ts";
import { isPartial } from "./files.ts";

/** The file that shows who works in a folder. */
export const LOCK_FILE = "run.lock";

/** How often the owner touches its lock, and how long after the last touch an owner on another machine counts as dead. */
const TOUCH_MS = 60_000;
const STALE_MS = 10 * TOUCH_MS;

/** Characters that the text of a lock may have; ours has about 150. A longer one is nobody's. */
const LONGEST = 4096;

/** The process that holds a lock. */
interface Owner {
  /** Differs where one process cannot see the other's process number: another host, boot or container. */
  machine: string;
  pid: number;
  /** When the process started, so that another one with the same number is told apart. */
  started: string;
  /** One of a kind. */
  id: string;
}

/**
 * One process at a time works in a folder: the one whose lock stands there. The lock of a dead process is taken over; so is one
 * of another machine, if it was not touched for ten minutes.
 */
export class Lock {
  readonly #folder: string;
  readonly #text: string;
  readonly #timer: NodeJS.Timeout;
  readonly #atExit = (): void => {
    this.release();
  };

  private constructor(folder: string, text: string) {
    this.#folder = folder;
    this.#text = text;
    this.#timer = setInterval(() => {
      this.#touch();
    }, TOUCH_MS).unref();
    process.on("exit", this.#atExit);
  }

  /** Takes the lock of a folder. Throws an InputError that names the owner if a living process holds it. */
  static take(folder: string): Lock {
    const file = join(folder, LOCK_FILE);
    const owner: Owner = { machine: machine(), pid: process.pid, started: startOf(process.pid), id: randomUUID() };
    const text = `${JSON.stringify(owner)}\n`;
    for (;;) {
      if (createWhole(file, text, owner.id)) {
        removeLeft(folder);
        return new Lock(folder, text);
      }
      const found = contentOf(file);
      if (found === undefined) continue; // released in the meantime
      if (!isDead(found, file))
        throw new InputError(
          `${folder} is in use by ${ownerInWords(found)}, says ${file}; expected a folder that no process works in`,
        );
      setAside(file, found, owner.id);
    }
  }

  /** Throws an InputError unless the lock still stands: the folder was moved or removed, or the lock was. */
  assertHeld(): void {
    if (contentOf(join(this.#folder, LOCK_FILE)) === this.#text) return;
    throw new InputError(
      `${this.#folder} no longer holds the lock of this process (${LOCK_FILE}); expected a folder that stays in its place`,
    );
  }

  release(): void {
    clearInterval(this.#timer);
    process.off("exit", this.#atExit);
    const file = join(this.#folder, LOCK_FILE);
    if (contentOf(file) === this.#text) rmSync(file, { force: true });
  }

  #touch(): void {
    try {
      utimesSync(join(this.#folder, LOCK_FILE), new Date(), new Date());
    } catch {
      // The next write to the folder says what is wrong with it.
    }
  }
}

/** Makes the file with its content at once; false where there is one already. */
function createWhole(file: string, text: string, id: string): boolean {
  const partial = `${file}.${id}.partial`;
  writeFileSync(partial, text);
  try {
    linkSync(partial, file);
    return true;
  } catch (error) {
    // Of ENOENT: the owner took it for what a dead process has left.
    if (["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Removes what processes have left that died while they took the lock. */
function removeLeft(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith(`${LOCK_FILE}.`) && isPartial(name)) rmSync(join(folder, name), { force: true });
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Removes a dead owner's lock; a lock that another process put in its place meanwhile is put back. */
function setAside(file: string, dead: string, id: string): void {
  const aside = `${file}.${id}.partial`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (contentOf(aside) === dead) rmSync(aside);
  else renameSync(aside, file);
}

function isDead(text: string, file: string): boolean {
  const owner = ownerIn(text);
  if (owner?.machine !== machine()) return Date.now() - statSync(file).mtimeMs > STALE_MS;
  return startOf(owner.pid) !== owner.started || !isRunning(owner.pid);
}

function ownerIn(text: string): Owner | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const { machine, pid, started } = JSON.parse(text) as Partial<Record<string, unknown>>;
    return typeof machine === "string" && Number.isSafeInteger(pid) && typeof started === "string"
      ? (JSON.parse(text) as Owner)
      : undefined;
  } catch {
    return undefined;
  }
}

function ownerInWords(text: string): string {
  const owner = ownerIn(text);
  if (owner === undefined) return "an unknown process";
  return `process ${owner.pid}${owner.machine === machine() ? "" : ` on another machine (${owner.machine})`}`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The host, and on Linux its boot and the processes' name space: what two processes share that see each other's numbers. */
function machine(): string {
  try {
    return `${hostname()} ${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** When a process started, in the kernel's own count; "dead" for one that has ended and "" where the system does not say. */
function startOf(pid: number): string {
  try {
    // Behind the name, which stands in brackets: the state, and 19 fields later the start.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "dead" : fields[19]!;
  } catch {
    return "";
  }
}
