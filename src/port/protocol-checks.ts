import { askAndMark } from "./ask.ts";
import { passed } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import { compare } from "./compare.ts";
import { isOperation } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import type { Hello, PortProcess } from "./process.ts";
import type { Vector, VectorFile } from "./vectors.ts";

/** Runs a check with what the port says of itself, or reports why it said nothing. */
function greeted(run: (port: PortProcess, hello: Hello) => Promise<Finding>): Check["run"] {
  return async (port) => {
    const greeting = await port.hello();
    return "fault" in greeting ? greeting.fault : run(port, greeting.hello);
  };
}

/**
 * P1 to P7: what the protocol asks of a port, whatever its operations. `restart` gives a process of the port of its own.
 * @spec P1 P3 P5 P6
 */
export function protocolChecks(files: VectorFile[], restart: () => PortProcess): Check[] {
  const firsts = files.map(({ operation, cases }) => ({ operation, vector: cases[0]! }));
  const known = (hello: Hello): typeof firsts => firsts.filter(({ operation }) => hello.operations.includes(operation));
  return [
    {
      requirement: "P1",
      title: "the program ends when its standard input ends",
      run: async () => {
        const own = restart();
        const greeting = await own.hello();
        const ended = await own.stop();
        if ("fault" in greeting) return greeting.fault;
        return ended ? passed("ended") : { kind: "hang", message: "still running after its standard input had ended" };
      },
    },
    {
      requirement: "P3",
      title: "hello names only operations that there are",
      run: greeted((_, hello) => {
        const unknown = hello.operations.filter((name) => !isOperation(name));
        return Promise.resolve(
          unknown.length === 0
            ? passed(`${hello.name} (${hello.language}, ${hello.precision}): ${hello.operations.length} operations`)
            : { kind: "garbage", message: `hello names ${unknown.join(", ")}, which P4 does not have` },
        );
      }),
    },
    {
      requirement: "P5",
      title: "no state: the same requests in the opposite order get the same replies",
      run: greeted(async (port, hello) => {
        const asked = known(hello);
        const forwards = await answers(port, asked);
        const backwards = (await answers(port, [...asked].reverse())).reverse();
        for (const [k, { operation, vector }] of asked.entries()) {
          const { output, tolerance } = forwards[k]!;
          if (!output) continue;
          const again = compare(output, backwards[k]!.output ?? null, tolerance, vector.exact);
          if (again.kind !== "pass") return { kind: again.kind, message: `${operation} asked again: ${again.message}` };
        }
        return passed(`${asked.length} operations answer alike`);
      }),
    },
    {
      requirement: "P6",
      title: "an unknown operation gets an error reply, and the port goes on",
      run: greeted((port, hello) => errorExpected(port, "no-such-operation", known(hello)[0])),
    },
    {
      requirement: "P6",
      title: "a request without its fields gets an error reply, and the port goes on",
      run: greeted((port, hello) => {
        const first = known(hello)[0];
        return first
          ? errorExpected(port, first.operation, first)
          : Promise.resolve({ kind: "not-covered", message: "the port has no operation that there is" });
      }),
    },
  ];
}

async function answers(
  port: PortProcess,
  asked: { operation: OperationName; vector: Vector }[],
): Promise<Awaited<ReturnType<typeof askAndMark>>[]> {
  const marked = [];
  for (const { operation, vector } of asked) marked.push(await askAndMark(port, { operation, ...vector }));
  return marked;
}

/** Sends a request without input, which no operation can answer, and then a good one that must be answered. */
async function errorExpected(
  port: PortProcess,
  operation: string,
  next: { operation: OperationName; vector: Vector } | undefined,
): Promise<Finding> {
  const answer = await port.ask(operation, {});
  if ("fault" in answer) return answer.fault;
  if ("output" in answer) return { kind: "garbage", message: `${operation} without input got an output, not an error` };
  if (!next) return passed(answer.errorReply);
  const after = await port.ask(next.operation, next.vector.input);
  return "fault" in after ? after.fault : passed(`error reply: ${answer.errorReply}`);
}
