/** What a person can mend: a bad argument, a foreign file, an engine that is not there. Commands print it in one line and exit with 2. */
export class InputError extends Error {
  override name = "InputError";
}
