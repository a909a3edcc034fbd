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

/** The permissions of this process do not cover a folder of results. */
export class ClosedFolder extends Failure {
  /** The class name, for reports. */
  override name = "ClosedFolder";
  /** Path of the folder. */
  readonly path: string;

  /** The folder at `path`. */
  constructor(path: string) {
    super(`Cannot write to ${path}: only the project's data folder is open`);
    this.path = path;
  }
}

/** What to say about an error that nobody but this project can put right. */
export function defect(line: string): string {
  return `A defect of this program, please report it: ${line}`;
}

/** The first line of a text, or of an error's message. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!;
}
