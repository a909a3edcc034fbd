/**
 * How a keeper and whoever started it talk: lines of JSON behind a mark, so
 * that what a module prints by itself is told apart.
 *
 * @module
 */

/** Begins a message; the record separator of ASCII. */
const MARK = "\x1e";
/** Characters of a line that is no message, at most: the rest is left out. */
const MAX_PRINT = 1000;
/** The same of a message: a piece of rows is far shorter. */
const MAX_MESSAGE = 2 ** 26;

/** `message` as a line. */
export function lineOf(message: unknown): string {
  return `${MARK}${JSON.stringify(message)}\n`;
}

/** The message in a line, which may begin with what a module printed. */
export function messageIn(line: string): unknown {
  const at = line.indexOf(MARK);
  if (at < 0) return undefined;
  try {
    return JSON.parse(line.slice(at + 1));
  } catch {
    return undefined; // the module's own doing, or cut by its end
  }
}

/** The lines of `bytes`; one that is no message may be cut. */
export async function* linesOf(
  bytes: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let isMessage = false;
  let length = 0;
  const take = (text: string) => {
    isMessage ||= text.includes(MARK);
    if (length > (isMessage ? MAX_MESSAGE : MAX_PRINT)) return;
    parts.push(text);
    length += text.length;
  };
  for await (const chunk of bytes) {
    const [first, ...rest] = decoder.decode(chunk, { stream: true })
      .split("\n");
    take(first!);
    for (const text of rest) {
      yield parts.join("");
      parts = [];
      isMessage = false;
      length = 0;
      take(text);
    }
  }
  if (length > 0) yield parts.join("");
}

/** Writes `message` to standard output, whole. */
export function say(message: unknown): void {
  const bytes = new TextEncoder().encode(lineOf(message));
  for (let done = 0; done < bytes.length;) {
    done += Deno.stdout.writeSync(bytes.subarray(done));
  }
}
