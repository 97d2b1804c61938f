import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { precisionSchema } from "./tolerance.ts";
import type { Verdict } from "./verdict.ts";

/** How a port is started: a program with its arguments, or one line for the shell. */
export type PortCommand = { program: string; args: string[] } | { shell: string };

/** P9 Limits. */
export interface Limits {
  helloSeconds: number;
  requestSeconds: number;
  replyBytes: number;
}

/**
 * P9 Limits: the ones that count; tests of the runner itself use shorter ones.
 * @spec P9
 */
export const defaultLimits: Limits = { helloSeconds: 60, requestSeconds: 10, replyBytes: 16 * 2 ** 20 };

/**
 * P3 Hello: what a port says about itself.
 * @spec P3
 */
export const helloSchema = z.object({
  protocol: z.literal(1),
  name: z.string().min(1),
  language: z.string().min(1),
  precision: precisionSchema,
  operations: z.array(z.string()).min(1),
  /** The version of the specification that the port was written to. */
  version: z.string().optional(),
});

/** P3 Hello. */
export type Hello = z.infer<typeof helloSchema>;

/** P2, P6, P9: what came back for a request: an output, an error reply, or a fault of the process. */
export type Answer = { output: unknown } | { errorReply: string } | { fault: Verdict };

/** P9 Limits: hello may fail this many times running before the port is given up. */
const startsBeforeGivingUp = 3;

const replySchema = z.looseObject({ id: z.number(), output: z.unknown().optional(), error: z.string().optional() });

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A line from the port, or what stood in its way. */
type Line = { text: string } | { fault: Verdict };

/**
 * P1, P2, P9: one port as a child process: starts it when it is first needed, sends one request at a time, and kills it after a fault so
 * that the next request meets a fresh process. Nothing that a port does makes it throw.
 */
export class PortProcess {
  private child: Child | undefined;
  private known: Hello | undefined;
  private unread = Buffer.alloc(0);
  private notes = "";
  private failedStarts = 0;
  private nextId = 1;
  private wake: (() => void) | undefined;
  private ended: string | undefined;
  private readonly killAtExit = (): void => {
    this.kill();
  };

  private readonly command: PortCommand;
  private readonly limits: Limits;

  constructor(command: PortCommand, limits: Limits = defaultLimits) {
    this.command = command;
    this.limits = limits;
    process.on("exit", this.killAtExit);
  }

  /**
   * P3: starts the port if need be and returns what it says of itself, or the fault that kept it from saying so.
   * @spec P3
   */
  async hello(): Promise<{ hello: Hello } | { fault: Verdict }> {
    if (this.child && this.known) return { hello: this.known };
    if (this.failedStarts >= startsBeforeGivingUp) {
      return { fault: fault("given-up", `the port failed hello ${startsBeforeGivingUp} times running`) };
    }
    this.start();
    const answer = await this.exchange(0, "hello", { protocol: 1 }, this.limits.helloSeconds);
    const parsed = "output" in answer ? helloSchema.safeParse(answer.output) : undefined;
    if (parsed?.success) {
      this.failedStarts = 0;
      this.known = parsed.data;
      return { hello: parsed.data };
    }
    this.failedStarts += 1;
    this.kill();
    if ("fault" in answer) return answer;
    const why = parsed ? firstIssue(parsed.error) : `error reply: ${"errorReply" in answer ? answer.errorReply : ""}`;
    return { fault: fault("garbage", `hello is not as P3 asks: ${why}`) };
  }

  /**
   * P2: sends one request and waits for its reply.
   * @spec P2
   */
  async ask(operation: string, input: unknown): Promise<Answer> {
    const greeting = await this.hello();
    if ("fault" in greeting) return greeting;
    if (this.unread.length > 0) {
      const stray = quote(this.unread.toString());
      this.kill();
      return { fault: fault("garbage", `before this request was sent, the port had written ${stray}`) };
    }
    return this.exchange(this.nextId++, operation, input, this.limits.requestSeconds);
  }

  /**
   * P1: ends standard input, and kills the port if it has not ended within the time limit. Returns whether it ended by itself.
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

  /** What the port last wrote on standard error, for people. */
  lastNotes(): string {
    return this.notes.trimEnd();
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
    child.stdout.on("data", (bytes: Buffer) => {
      whileCurrent(() => {
        this.receive(bytes);
      });
    });
    child.stderr.on("data", (bytes: Buffer) => {
      this.notes = (this.notes + bytes.toString()).slice(-2000);
    });
    child.stdin.on("error", () => {
      whileCurrent(() => undefined);
    });
    child.on("error", (error) => {
      whileCurrent(() => {
        this.ended = `could not be started: ${error.message}`;
      });
    });
    child.on("close", (code, signal) => {
      whileCurrent(() => {
        this.ended ??= signal ? `ended by ${signal}` : `ended with exit code ${code ?? "unknown"}`;
      });
    });
  }

  private receive(bytes: Buffer): void {
    if (this.unread.length <= this.limits.replyBytes) this.unread = Buffer.concat([this.unread, bytes]);
  }

  /** One request, one reply; any fault kills the process. */
  private async exchange(id: number, operation: string, input: unknown, seconds: number): Promise<Answer> {
    this.child?.stdin.write(`${JSON.stringify({ id, operation, input })}\n`);
    const line = await this.readLine(seconds);
    const answer = "fault" in line ? line : parseReply(id, line.text);
    if ("fault" in answer) this.kill();
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
    const how = inTime ? `the process ${this.ended ?? "ended"}` : `nothing more within ${seconds} s`;
    if (this.unread.length > 0) {
      return {
        fault: fault("truncated", `a line that began with ${quote(this.unread.toString())} never ended: ${how}`),
      };
    }
    const notes = this.notes ? `; it last wrote to standard error: ${quote(this.lastNotes().split("\n").at(-1)!)}` : "";
    if (inTime) return { fault: fault("crash", how + notes) };
    return {
      fault: fault("hang", `no reply within ${seconds} s${notes} (is standard output flushed after each line?)`),
    };
  }

  /** Waits until a condition holds that changes only by events of the child; false when the time is over first. */
  private waitFor(condition: () => boolean, seconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (held: boolean): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve(held);
      };
      const timer = setTimeout(() => {
        finish(false);
      }, seconds * 1000);
      this.wake = (): void => {
        if (condition()) finish(true);
      };
      this.wake();
    });
  }

  /** Kills the port with all that it has started. */
  private kill(): void {
    const { child } = this;
    this.child = undefined;
    this.unread = Buffer.alloc(0);
    if (child?.pid === undefined || this.ended !== undefined) return;
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  }
}

function parseReply(id: number, text: string): Answer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const notFinite = /\b(NaN|-?Infinity|nan|inf)\b/.exec(text);
    if (notFinite) return { fault: fault("not-finite", `the reply holds ${notFinite[0]}, which is no number in JSON`) };
    return { fault: fault("garbage", `not JSON: ${quote(text)}`) };
  }
  const reply = replySchema.safeParse(json);
  if (!reply.success)
    return { fault: fault("garbage", `not a reply as P2 asks: ${firstIssue(reply.error)} in ${quote(text)}`) };
  if (reply.data.id !== id)
    return { fault: fault("garbage", `the reply has id ${reply.data.id}, the request had ${id}`) };
  if (reply.data.error !== undefined) return { errorReply: reply.data.error };
  if (reply.data.output === undefined) return { fault: fault("garbage", `neither output nor error in ${quote(text)}`) };
  return { output: reply.data.output };
}

function fault(kind: Verdict["kind"], message: string): Verdict {
  return { kind, message };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]!;
  return `${issue.path.join(".") || "the reply"}: ${issue.message}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
