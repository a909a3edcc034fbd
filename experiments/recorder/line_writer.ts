/**
 * Text as bytes, for lines of letters and numbers.
 *
 * @module
 */

const BYTES = 2 ** 18;
/** Bytes that a line may have beyond texts. */
const ROOM = 256;
const ZERO = 0x30;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const ENCODER = new TextEncoder();

/** Lines, handed on in pieces of some length. */
export class LineWriter {
  #bytes = new Uint8Array(BYTES);
  #length = 0;
  readonly #sink: (bytes: Uint8Array<ArrayBuffer>) => void;

  /** Pieces go to `sink`, who owns them. */
  constructor(sink: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#sink = sink;
  }

  /** Begins a line with a letter. */
  letter(code: number): void {
    this.#bytes[this.#length++] = code;
  }

  /** A space and the digits of a whole number. */
  number(value: number): void {
    this.#bytes[this.#length++] = SPACE;
    this.#digits(value);
  }

  /** A space, `s`, and the digits of a whole number. */
  site(value: number): void {
    this.#bytes[this.#length++] = SPACE;
    this.#bytes[this.#length++] = 0x73;
    this.#digits(value);
  }

  /** Text without a line feed. */
  text(text: string): void {
    const bytes = ENCODER.encode(text);
    if (this.#length + bytes.length + ROOM > BYTES) this.flush();
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Ends the line. */
  end(): void {
    this.#bytes[this.#length++] = LINE_FEED;
    if (this.#length > BYTES - ROOM) this.flush();
  }

  /** Hands on what there is. */
  flush(): void {
    if (this.#length === 0) return;
    this.#sink(this.#bytes.slice(0, this.#length));
    this.#length = 0;
  }

  #digits(value: number): void {
    if (!(value >= 0 && value < 2 ** 31)) return this.text(digits(value));
    const bytes = this.#bytes;
    let rest = value | 0;
    let at = this.#length + digitsOf(rest);
    this.#length = at;
    do {
      const tenth = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    } while (rest > 0);
  }
}

/** Decimal digits of a whole number, at most 2^64 - 1; no exponent. */
function digits(value: number): string {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return `${value}`;
  return `${value >= 2 ** 64 ? 2n ** 64n - 1n : BigInt(value)}`;
}

/** How many decimal digits `value`, below 2^31, has. */
function digitsOf(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit && count < 10; limit *= 10) count++;
  return count;
}
