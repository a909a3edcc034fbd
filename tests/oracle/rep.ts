/**
 * Reads a trace just as the C replayer does: numbers are size_t, ids may be
 * used again, nothing is refused.
 *
 * @module
 */

/** The operations of a trace; row i of every column belongs to operation i. */
export interface Rep {
  /** Number of operations. */
  readonly length: number;
  /** Character code of the operation's letter. */
  readonly kind: Uint8Array;
  /** Object, or thread; -1: none. */
  readonly id: Int32Array;
  /** Bytes, pad or value, as the type that C converts it to. */
  readonly size: Float64Array;
  /** Alignment or parameter. */
  readonly extra: Float64Array;
  /** One more than the highest id. */
  readonly ids: number;
}

/** Reads `text` for a machine whose size_t has `bits` bits. */
export function parseRep(text: string, bits: 32 | 64): Rep {
  const lines = text.split("\n").map((l) => l.trim()).filter((l) => l !== "");
  const ops = lines.slice(4);
  const length = ops.length;
  const kind = new Uint8Array(length);
  const id = new Int32Array(length).fill(-1);
  const size = new Float64Array(length);
  const extra = new Float64Array(length);
  let ids = 0;
  ops.forEach((line, i) => {
    const [letter, ...words] = line.split(/\s+/);
    const number = (k: number) => words[k] ?? "0";
    kind[i] = letter!.charCodeAt(0);
    switch (letter) {
      case "a":
      case "c":
      case "r":
        id[i] = Number(number(0));
        size[i] = unsigned(number(1), bits);
        break;
      case "m":
        id[i] = Number(number(0));
        extra[i] = unsigned(number(1), bits);
        size[i] = unsigned(number(2), bits);
        break;
      case "f":
      case "T":
      case "E":
        id[i] = Number(number(0));
        break;
      case "t":
        size[i] = unsigned(number(0), bits);
        break;
      case "k":
        size[i] = signed(number(0), bits);
        break;
      case "o":
        extra[i] = Number(number(0));
        size[i] = signed(number(1), 32);
        break;
      default:
        throw new SyntaxError(`Unknown operation "${line}"`);
    }
    if (letter !== "T" && letter !== "E") ids = Math.max(ids, id[i]! + 1);
  });
  return { length, kind, id, size, extra, ids };
}

/** `text` modulo 2^bits, rounded towards 0 where doubles are too coarse. */
function unsigned(text: string, bits: number): number {
  const value = Number(text);
  if (value >= 0 && value < 2 ** 32) return value;
  const exact = BigInt.asUintN(bits, BigInt(text));
  // A double has 53 significant bits.
  const excess = BigInt(Math.max(0, exact.toString(2).length - 53));
  return Number(exact >> excess << excess);
}

function signed(text: string, bits: number): number {
  return Number(BigInt.asIntN(bits, BigInt(text)));
}
