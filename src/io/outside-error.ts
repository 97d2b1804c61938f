/** Errors of the file system and of child processes, as Node makes them. */
interface OutsideError extends Error {
  /** As in ENOENT. */
  code?: string;
  syscall?: string;
  path?: string;
  /** Of a child process that ended badly. */
  status?: number | null;
  signal?: string | null;
}

/** Codes of Node's own that tell of a file and not of a mistake in the program: too large for a buffer or a string. */
const TOO_LARGE = ["ERR_FS_FILE_TOO_LARGE", "ERR_STRING_TOO_LONG", "ERR_BUFFER_TOO_LARGE"];

/**
 * What an error from outside the program says, in one line: the path, what failed, and the code. Undefined for any other error, which
 * is a mistake in the program.
 */
export function outsideErrorInWords(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path, status, signal, message } = error as OutsideError;
  if (syscall !== undefined && code !== undefined) {
    const what = /^\w+: ([^,]*)/.exec(message)?.[1] ?? "it failed";
    return `${path ?? "the output"}: ${what} (${code} in ${syscall})`;
  }
  if (code !== undefined && TOO_LARGE.includes(code)) return `${path ?? "a file"} is too large to be read (${code})`;
  if ("status" in error && "signal" in error) {
    const end = typeof signal === "string" ? `signal ${signal}` : `exit code ${String(status)}`;
    return `${message.split("\n")[0]!} (${end})`;
  }
  return undefined;
}
