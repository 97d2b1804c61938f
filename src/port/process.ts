import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { OperationName } from "./operations.ts";
import { helloSchema } from "./hello.ts";
import type { Hello } from "./hello.ts";
import { plain } from "./plain.ts";
import { firstIssue, parseReply, quote } from "./reply.ts";
import type { Answer } from "./reply.ts";
import type { Verdict } from "./verdict.ts";

/** How a port is started: a program with its arguments, or one line for the shell. */
export type PortCommand = { program: string; args: string[] } | { shell: string };

/** P9 Limits. */
export interface Limits {
  helloSeconds: number;
  requestSeconds: number;
  replyBytes: number;
  /** How long the runner waits for a port in all, over all requests of a run, in seconds. */
  runSeconds: number;
}

/**
 * P9 Limits: the limits that hold. Tests of the runner itself use shorter ones.
 * @spec P9
 */
export const defaultLimits: Limits = {
  helloSeconds: 60,
  requestSeconds: 10,
  replyBytes: 16 * 2 ** 20,
  runSeconds: 900,
};

/**
 * P9 Limits: `hello` may fail this many times in a row before the port is not started again. A port that stays silent
 * is given up at once.
 */
const startsBeforeGivingUp = 3;

/** P9 Limits: the number of processes that one operation may cost before it is not asked again. */
const faultsOfOneOperation = 2;

/** P9 Limits: the number of requests without a reply after which the port is not asked anything again. */
const hangsBeforeGivingUp = 6;

/** How long data are still read from the pipes after a process has ended, in case another process holds them open. */
const drainMilliseconds = 250;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A line from the port, or the fault that kept it from arriving. */
type Line = { text: string } | { fault: Verdict };

/** What a port has cost so far, in all its processes. */
interface Costs {
  seconds: number;
  hangs: number;
  failedStarts: number;
  /** By operation, how many processes it has cost, and by what it cost the last one. */
  faults: Map<string, { count: number; last: Verdict }>;
}

/** What questions are put to: a port, or in tests a record of its answers. */
export type Answering = Pick<PortProcess, "hello" | "ask">;

/**
 * P1, P2, P9: one port as a child process. It is started when it is first needed, gets one request at a time, and is
 * killed after a fault, so that the next request reaches a new process. Nothing that a port does makes it throw or wait
 * for ever.
 */
export class PortProcess {
  private child: Child | undefined;
  private known: Hello | undefined;
  private unread = Buffer.alloc(0);
  private notes = "";
  private nextId = 1;
  private wake: (() => void) | undefined;
  private ended: string | undefined;
  private readonly killAtExit = (): void => {
    this.kill();
  };

  private readonly command: PortCommand;
  private readonly limits: Limits;
  private readonly costs: Costs;

  constructor(
    command: PortCommand,
    limits: Limits = defaultLimits,
    costs: Costs = { seconds: 0, hangs: 0, failedStarts: 0, faults: new Map() },
  ) {
    this.command = command;
    this.limits = limits;
    this.costs = costs;
    process.on("exit", this.killAtExit);
  }

  /** Another process of the same port. Its costs count for both. */
  sibling(): PortProcess {
    return new PortProcess(this.command, this.limits, this.costs);
  }

  /**
   * P3: starts the port if necessary. Returns what the port says about itself, or the fault that kept it from saying
   * so.
   * @spec P3
   */
  async hello(): Promise<{ hello: Hello } | { fault: Verdict }> {
    if (this.child && this.known) return { hello: this.known };
    const givenUp = this.whyGivenUp();
    if (givenUp) return { fault: fault("given-up", givenUp) };
    this.start();
    const answer = await this.exchange(0, "hello", { protocol: 1 }, this.limits.helloSeconds);
    const parsed = "output" in answer ? helloSchema.safeParse(answer.output) : undefined;
    if (parsed?.success) {
      this.costs.failedStarts = 0;
      this.known = parsed.data;
      return { hello: parsed.data };
    }
    this.costs.failedStarts += 1;
    this.kill();
    if ("fault" in answer) {
      const wasSilent =
        answer.fault.kind === "hang" || answer.fault.message.endsWith(silence(this.limits.helloSeconds));
      if (wasSilent) this.costs.failedStarts = startsBeforeGivingUp;
      return answer;
    }
    const why = parsed ? firstIssue(parsed.error) : `error reply: ${"errorReply" in answer ? answer.errorReply : ""}`;
    return { fault: fault("garbage", `hello is not as P3 asks: ${why}`) };
  }

  /**
   * P2: sends one request and waits for its reply. An operation that has cost too many processes is not asked again.
   * @spec P2
   */
  async ask(operation: OperationName | "no-such-operation", input: unknown): Promise<Answer> {
    const cost = this.costs.faults.get(operation);
    if (cost && cost.count >= faultsOfOneOperation) {
      const { count, last } = cost;
      const message = `not asked: ${operation} had cost ${count} processes, the last one by ${last.kind}: ${last.message}`;
      return { fault: fault("given-up", message) };
    }
    const greeting = await this.hello();
    if ("fault" in greeting) return greeting;
    if (this.unread.length > 0) {
      const stray = quote(this.unread.toString());
      this.kill();
      return { fault: fault("garbage", `before this request was sent, the port had written ${stray}`) };
    }
    const answer = await this.exchange(this.nextId++, operation, input, this.limits.requestSeconds);
    if ("fault" in answer && answer.fault.kind !== "not-finite") {
      this.costs.faults.set(operation, { count: (cost?.count ?? 0) + 1, last: answer.fault });
    }
    return answer;
  }

  /**
   * P1: ends standard input, and kills the port if it has not ended within the time limit. Returns whether it ended by
   * itself.
   * @spec P1
   */
  async stop(): Promise<boolean> {
    process.off("exit", this.killAtExit);
    if (!this.child) return true;
    this.child.stdin.end();
    const ended = await this.waitFor(() => this.ended !== undefined, this.limits.requestSeconds);
    this.kill();
    return ended;
  }

  /** The last lines that the port wrote on standard error, without characters that act on a terminal. */
  lastNotes(): string {
    return this.notes
      .trimEnd()
      .split("\n")
      .map((line) => plain(line))
      .join("\n");
  }

  /** P9: the reason why the port is not asked anything again, or undefined if it still is. */
  private whyGivenUp(): string | undefined {
    const { seconds, hangs, failedStarts } = this.costs;
    if (failedStarts >= startsBeforeGivingUp)
      return "not asked: the port did not answer hello, and is not started again";
    if (hangs >= hangsBeforeGivingUp) return `not asked: the port had left ${hangs} requests without a reply`;
    if (seconds > this.limits.runSeconds) return `not asked: the port had taken more than ${this.limits.runSeconds} s`;
    return undefined;
  }

  private start(): void {
    const options = {
      detached: process.platform !== "win32",
      stdio: ["pipe", "pipe", "pipe"] as ["pipe", "pipe", "pipe"],
    };
    const child: Child =
      "shell" in this.command
        ? spawn(this.command.shell, { ...options, shell: true })
        : spawn(this.command.program, this.command.args, options);
    this.child = child;
    this.ended = undefined;
    this.notes = "";
    const whileCurrent = (act: () => void): void => {
      if (this.child !== child) return;
      act();
      this.wake?.();
    };
    const endedAs = (how: string): void => {
      whileCurrent(() => {
        this.ended ??= how;
      });
    };
    child.stdout.on("data", (bytes: Buffer) => {
      whileCurrent(() => {
        this.receive(bytes);
      });
    });
    child.stderr.on("data", (bytes: Buffer) => {
      this.notes = (this.notes + bytes.toString()).slice(-2000);
    });
    child.stdin.on("error", () => {
      endAfterDraining("has closed its standard input");
    });
    child.stdout.on("error", () => undefined);
    child.stderr.on("error", () => undefined);
    child.stdout.on("end", () => {
      endAfterDraining("has closed its standard output");
    });
    child.on("error", (error) => {
      endedAs(`could not be started: ${plain(error.message)}`);
    });
    const howItEnded = (code: number | null, signal: string | null): string =>
      signal ? `ended by ${signal}` : `ended with exit code ${code ?? "unknown"}`;
    // A process that the port has started may hold its pipes open for ever. There is an exit then, but no close.
    const endAfterDraining = (how: string): void => {
      setTimeout(() => {
        endedAs(how);
      }, drainMilliseconds);
    };
    child.on("exit", (code, signal) => {
      endAfterDraining(howItEnded(code, signal));
    });
    child.on("close", (code, signal) => {
      endedAs(howItEnded(code, signal));
    });
  }

  private receive(bytes: Buffer): void {
    if (this.unread.length <= this.limits.replyBytes) this.unread = Buffer.concat([this.unread, bytes]);
  }

  /** One request, one reply; any fault kills the process. */
  private async exchange(id: number, operation: string, input: unknown, seconds: number): Promise<Answer> {
    const start = performance.now();
    if (this.child?.stdin.writable) this.child.stdin.write(`${JSON.stringify({ id, operation, input })}\n`);
    const line = await this.readLine(seconds);
    this.costs.seconds += (performance.now() - start) / 1000;
    const answer = "fault" in line ? line : parseReply(id, line.text);
    if ("fault" in answer && answer.fault.kind !== "not-finite") this.kill();
    return answer;
  }

  private async readLine(seconds: number): Promise<Line> {
    const { replyBytes } = this.limits;
    const newline = (): number => this.unread.indexOf(10);
    const tooLong = (): boolean => (newline() < 0 ? this.unread.length : newline()) > replyBytes;
    const inTime = await this.waitFor(() => newline() >= 0 || tooLong() || this.ended !== undefined, seconds);
    if (tooLong()) return { fault: fault("flood", `more than ${replyBytes} bytes without the end of a reply`) };
    if (newline() >= 0) {
      const text = this.unread.subarray(0, newline()).toString();
      this.unread = this.unread.subarray(newline() + 1);
      return { text };
    }
    if (!inTime) this.costs.hangs += 1;
    const how = inTime ? `the process ${this.ended ?? "ended"}` : silence(seconds);
    if (this.unread.length > 0) {
      const begun = this.unread.toString();
      const hint = begun.includes("\r") ? " (it ends its lines in \\r alone; expected \\n)" : "";
      return { fault: fault("truncated", `a line that began with ${quote(begun)} never ended${hint}: ${how}`) };
    }
    const notes = this.notes
      ? `; it last wrote to standard error: ${quote(this.notes.trimEnd().split("\n").at(-1)!)}`
      : "";
    if (inTime) return { fault: fault("crash", how + notes) };
    return {
      fault: fault("hang", `no reply within ${seconds} s${notes} (is standard output flushed after each line?)`),
    };
  }

  /** Waits for a condition that only events of the child can change. Returns false if the time is over first. */
  private waitFor(condition: () => boolean, seconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (held: boolean): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve(held);
      };
      const timer = setTimeout(() => {
        // Data that arrived while this process was busy have still to be read.
        setTimeout(() => {
          finish(condition());
        });
      }, seconds * 1000);
      this.wake = (): void => {
        if (condition()) finish(true);
      };
      this.wake();
    });
  }

  /** Kills the port with all processes that it has started. */
  private kill(): void {
    const { child } = this;
    this.child = undefined;
    this.unread = Buffer.alloc(0);
    if (!child) return;
    try {
      if (child.pid !== undefined) process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
    child.unref();
  }
}

function silence(seconds: number): string {
  return `nothing more within ${seconds} s`;
}

function fault(kind: Verdict["kind"], message: string): Verdict {
  return { kind, message };
}
