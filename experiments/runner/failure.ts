/**
 * What ends a command early, told apart by who has to act.
 *
 * @module
 */

/** Something the user can put right; the message is one line for them. */
export class Failure extends Error {
  /** The class name, for reports. */
  override name = "Failure";

  /** Control characters, which words of the user may hold, are shown as `?`. */
  constructor(message: string) {
    super(message.replace(/\p{Cc}/gu, "?"));
  }
}

/** The command line is wrong; the message says how. */
export class UsageError extends Failure {
  /** The class name, for reports. */
  override name = "UsageError";
}

/** Somebody stopped the run; the message says what is kept. */
export class Interrupted extends Failure {
  /** The class name, for reports. */
  override name = "Interrupted";
}

/** The first line of an error's message. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!;
}
