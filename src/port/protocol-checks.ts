import { askAndMark } from "./ask.ts";
import type { Marked } from "./ask.ts";
import { passed } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import { compare } from "./compare.ts";
import { goodOnes, misfit, problemsOf } from "./fixed.ts";
import type { Hello } from "./hello.ts";
import { isOperation } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import { brief, plain } from "./plain.ts";
import type { PortProcess } from "./process.ts";
import type { Vector, VectorFile } from "./vectors.ts";

/** An operation with one question. */
interface Asked {
  operation: OperationName;
  vector: Vector;
}

/** Runs a check with the port's `hello`, or reports why there is none. */
function greeted(run: (port: PortProcess, hello: Hello) => Promise<Finding>): Check["run"] {
  return async (port) => {
    const greeting = await port.hello();
    return "fault" in greeting ? greeting.fault : run(port, greeting.hello);
  };
}

/**
 * P1 to P7: what the protocol asks of a port, whatever its operations.
 * @spec P1 P3 P5 P6
 */
export function protocolChecks(files: VectorFile[]): Check[] {
  const known = ({ operations, fixed }: Hello): Asked[] =>
    files
      .filter(({ operation }) => operations.includes(operation))
      .flatMap(({ operation, cases }) => {
        const vector = cases.find(({ input }) => misfit(goodOnes(fixed), input) === undefined);
        return vector ? [{ operation, vector }] : [];
      });
  return [
    {
      requirement: "P1",
      title: "the program ends when its standard input ends",
      run: async (port) => {
        const own = port.sibling();
        const greeting = await own.hello();
        const ended = await own.stop();
        if ("fault" in greeting) return greeting.fault;
        return ended ? passed("ended") : { kind: "hang", message: "still running after its standard input had ended" };
      },
    },
    {
      requirement: "P3",
      title: "hello names only operations and settings that exist",
      run: greeted((_, hello) => {
        const unknown = hello.operations.filter((name) => !isOperation(name));
        const [problem] = [
          ...(unknown.length > 0 ? [`hello names ${unknown.join(", ")}, which P4 does not have`] : []),
          ...problemsOf(hello.fixed ?? {}),
        ];
        const { name, language, precision, operations } = hello;
        return Promise.resolve(
          problem === undefined
            ? passed(`${name} (${language}, ${precision}): ${operations.length} operations`)
            : { kind: "garbage", message: plain(problem, 500) },
        );
      }),
    },
    {
      requirement: "P5",
      title: "no state: the same requests in another order and in other processes get the same replies",
      run: greeted((port, hello) => sameAgain(port, known(hello))),
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
          : Promise.resolve({ kind: "not-covered", message: "the port has none of the operations that P4 has" });
      }),
    },
  ];
}

/**
 * P5: asks all operations in order, then in two further processes, in reverse order and once more in order. Of any two
 * operations each comes first once. If one leaves something behind, this therefore reaches the other one.
 */
async function sameAgain(port: PortProcess, asked: Asked[]): Promise<Finding> {
  const forwards = await answers(port, asked);
  const backwards = [...asked].reverse();
  const half = Math.ceil(backwards.length / 2);
  for (const part of [backwards, [...backwards.slice(half), ...backwards.slice(0, half)]]) {
    const own = port.sibling();
    const rounds = [await answers(own, part), await answers(own, asked)];
    await own.stop();
    for (const again of rounds) {
      for (const one of part) {
        const difference = differenceOf(one, forwards.get(one)!, again.get(one)!);
        if (difference) return difference;
      }
    }
  }
  return passed(`${asked.length} operations give the same answers`);
}

/**
 * How a second answer differs from the first, apart from what was wrong with the first. It is undefined if nothing
 * does.
 */
function differenceOf({ operation, vector }: Asked, first: Marked, second: Marked): Finding | undefined {
  if (!second.output) {
    return second.kind === first.kind || second.kind === "given-up"
      ? undefined
      : { kind: second.kind, message: `${operation} asked again: ${second.message}` };
  }
  if (!first.output) return undefined;
  const fields = Object.keys(vector.expected).map((field) => [field, first.output![field]!] as const);
  const again = compare(Object.fromEntries(fields), second.output, second.tolerance, vector.exact);
  return again.kind === "pass"
    ? undefined
    : { kind: again.kind, message: `${operation} asked again: ${again.message}` };
}

async function answers(port: PortProcess, asked: Asked[]): Promise<Map<Asked, Marked>> {
  const marked = new Map<Asked, Marked>();
  for (const one of asked) marked.set(one, await askAndMark(port, { operation: one.operation, ...one.vector }));
  return marked;
}

/**
 * P6: sends a request without input, which no operation can answer. A good request must get the same answer before and
 * after it.
 */
async function errorExpected(
  port: PortProcess,
  operation: OperationName | "no-such-operation",
  next: Asked | undefined,
): Promise<Finding> {
  const ask = (): Promise<Marked> | undefined =>
    next && askAndMark(port, { operation: next.operation, ...next.vector });
  const before = await ask();
  const answer = await port.ask(operation, {});
  if ("fault" in answer) return answer.fault;
  if ("output" in answer)
    return { kind: "garbage", message: `${operation} without input got ${brief(answer.output)}, expected an error` };
  const after = await ask();
  if (after && before?.output && before.kind !== after.kind)
    return { kind: after.kind, message: `${next!.operation} after an error reply: ${after.message}` };
  return passed(`error reply: ${answer.errorReply}`);
}
