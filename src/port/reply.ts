import { z } from "zod";
import { InputError } from "../io/error.ts";
import { requireModest } from "../io/json.ts";
import { plain } from "./plain.ts";
import type { Verdict } from "./verdict.ts";

/** P2, P6, P9: the result of a request: an output, an error reply, or a fault of the process. */
export type Answer = { output: unknown } | { errorReply: string } | { fault: Verdict };

const replySchema = z.looseObject({ id: z.number(), output: z.unknown().optional(), error: z.string().optional() });

/** P2, P7: reads a line as the reply to the request with the given id. */
export function parseReply(id: number, text: string): Answer {
  let json: unknown;
  try {
    requireModest(text, "the reply");
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof InputError) return { fault: fault("garbage", error.message) };
    const notFinite = /\b(NaN|-?Infinity|nan|inf)\b/.exec(text);
    if (notFinite)
      return { fault: fault("not-finite", `the reply contains ${notFinite[0]}, which is no number in JSON`) };
    return { fault: fault("garbage", `not JSON: ${quote(text)}${hintAt(text)}`) };
  }
  const reply = replySchema.safeParse(json);
  if (!reply.success)
    return { fault: fault("garbage", `not a reply as in P2: ${firstIssue(reply.error)} in ${quote(text)}`) };
  if (reply.data.id !== id)
    return { fault: fault("garbage", `the reply has id ${reply.data.id}, the request had ${id}`) };
  if (reply.data.error !== undefined) return { errorReply: plain(reply.data.error) };
  if (reply.data.output === undefined) return { fault: fault("garbage", `neither output nor error in ${quote(text)}`) };
  return { output: reply.data.output };
}

/** What is usually wrong with a line that is not JSON, where its text tells. */
function hintAt(text: string): string {
  if (text.trim() === "") return " (an empty line; expected the reply alone)";
  if (text.startsWith("\ufeff")) return " (it begins with a byte order mark; expected none)";
  if (/^\s*\{\s*$/.test(text)) return " (an object over several lines; expected it on one)";
  if (/\}\s*\{/.test(text)) return " (more than one object on a line; expected one)";
  return "";
}

function fault(kind: Verdict["kind"], message: string): Verdict {
  return { kind, message };
}

/** The first thing that is wrong with a reply. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]!;
  return `${issue.path.join(".") || "the reply"}: ${issue.message}`;
}

/** The beginning of a text, between quotes. */
export function quote(text: string): string {
  return plain(JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text));
}
