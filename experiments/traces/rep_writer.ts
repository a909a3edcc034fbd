/**
 * Traces as `.rep` text, the form that rep_reader.ts describes.
 *
 * Slots serve as ids, so what is read again has the same operations with the
 * same slots, given the rule of `Slots` that a freed slot is the next one used.
 *
 * @module
 */
import { isName } from "./lines.ts";
import { isSite } from "./sites.ts";
import { type Block, Op, type Trace } from "./trace.ts";

const MAX_NUMBER = 2n ** 64n - 1n;

/**
 * The text of `trace`, one piece per block. The header has four lines (a zero,
 * number of ids, number of operations, a one), for which `trace` is taken
 * through once before; then come its sites.
 *
 * Throws `RangeError` if a phase, a client or a site has a name that no line
 * can hold.
 */
export async function* writeRep(trace: Trace): AsyncGenerator<string> {
  let ids = 0;
  let operations = 0;
  for await (const block of trace.blocks()) {
    operations += block.length;
    for (let i = 0; i < block.length; i++) {
      if (block.op[i]! < Op.PHASE) ids = Math.max(ids, block.slot[i]! + 1);
    }
  }
  yield `0\n${ids}\n${operations}\n1\n`;
  yield* siteLines(trace.sites ?? []);
  for await (const block of trace.blocks()) {
    let text = "";
    for (let i = 0; i < block.length; i++) text += line(trace, block, i) + "\n";
    yield text;
  }
}

/** Row `i` of `block`. */
function line({ names }: Trace, block: Block, i: number): string {
  const slot = block.slot[i]!;
  const size = digits(block.size[i]!);
  const extra = digits(block.extra[i]!);
  const site = block.site[i] === 0 ? "" : ` s${block.site[i]}`;
  switch (block.op[i]) {
    case Op.MALLOC:
      return `a ${slot} ${size}${site}`;
    case Op.CALLOC:
      return `c ${slot} ${size}${site}`;
    case Op.REALLOC:
      return `r ${slot} ${size}${site}`;
    case Op.FREE:
      return `f ${slot}`;
    case Op.MEMALIGN:
      return `m ${slot} ${extra} ${size}${site}`;
    case Op.TRIM:
      return `t ${size}`;
    case Op.MALLOPT:
      return `o ${extra} ${size}`;
    case Op.SBRK:
      return `k ${size}`;
    case Op.WRITE:
      return `w ${slot} ${extra} ${size}`;
    case Op.READ:
      return `g ${slot} ${extra} ${size}`;
    case Op.PHASE:
      return `p ${checkedName(names[slot]!)}`;
    case Op.CLIENT:
      return `@${checkedName(names[slot]!)}`;
    case Op.THREAD:
      return `T ${slot}`;
    case Op.THREAD_END:
      return `E ${slot}`;
    case Op.TIME:
      return `N ${size}`;
    case Op.RESIDENT:
      return `R ${size}`;
    default:
      throw new RangeError(`Cannot write operation ${block.op[i]}`);
  }
}

/** The lines that define sites 1 and following. */
function* siteLines(sites: readonly string[]): Generator<string> {
  for (let number = 1; number < sites.length; number++) {
    const text = sites[number]!;
    if (!isSite(text)) {
      throw new RangeError(`Cannot write the site ${JSON.stringify(text)}`);
    }
    yield `S ${number} ${text}\n`;
  }
}

/** Decimal digits of an integer; no exponent, and at most 2^64 - 1. */
function digits(value: number): string {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return `${value}`;
  const exact = BigInt(value);
  return `${exact > MAX_NUMBER ? MAX_NUMBER : exact}`;
}

function checkedName(name: string): string {
  if (isName(name)) return name;
  throw new RangeError(`Cannot write the name ${JSON.stringify(name)}`);
}
