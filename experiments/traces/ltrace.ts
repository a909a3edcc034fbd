/**
 * What `ltrace` prints, read as a trace:
 *
 *     malloc(7)                              = 0x162104cad40
 *     a.out->calloc(1, 24)                   = 0x162104cad60
 *     [pid 71] 09:15:02 malloc@libc.so.6(9 <unfinished ...>
 *     72 1700000000.123456 free(0x162104cad40) = <void>
 *     [pid 71] <... malloc resumed> )        = 0x162104cad80
 *     operator new(unsigned long)(24, 0x7ffe, ...) = 0x162104cada0
 *     realloc(0x162104cad80, 100)            = nil
 *     +++ exited (status 0) +++
 *
 * Other calls, signals and what the program prints mean nothing here. Blocks
 * that the C library takes for the program (strdup, getline) are not known.
 * Calls that returned NULL are left out. ltrace numbers threads as it numbers
 * processes: those of one program must be named together.
 *
 * With `-x` one request is shown twice, as the program's call and as the
 * library's function within it: it is taken once.
 *
 * @module
 */
import { type Call, isFree } from "./calls.ts";
import type { Format } from "./format.ts";
import { LogParser } from "./log.ts";
import { Op } from "./trace.ts";

const STRING = /"(?:\\.|[^"\\])*"/g;
/** C++ names that `-C` prints, and how they are mangled. */
const OPERATOR = /\boperator (new|delete)(\[\])?\(([^()]*)\)/g;
const PID = /^(?:\[pid (\d+)\]|(\d+)(?= ))/;
const NAMES =
  "malloc|calloc|realloc|reallocarray|memalign|aligned_alloc|posix_memalign|" +
  "valloc|c?free|__libc_malloc|__libc_free|_Zn[aw]\\w+|_Zd[al]\\w+";
const CALL = new RegExp(
  `(?<![\\w.])(${NAMES})(?:@[^\\s()]*)?` +
    String.raw`\(([^()]*)(?:\)\s*= (\S+)|<unfinished \.\.\.>)`,
);
const RESUMED = new RegExp(
  String.raw`<\.\.\. (${NAMES}) resumed>[^=]*\)\s*= (\S+)`,
);
const ADDRESS = /^(?:0x[\da-f]+|0|\(?nil\)?)$/;
/** Calls of one thread that may wait for their results. */
const MAX_WAITING = 64;

/** The log of calls of libraries. */
export const ltrace: Format = {
  name: "ltrace",
  summary: "what `ltrace -e malloc+calloc+realloc+free -o FILE PROGRAM` prints",
  holds: "bytes",
  processes: true,
  line:
    /(?<![\w.])\w+(@\S*)?\(.*(\)\s+= (-?\d+|0x[\da-f]+|nil|<void>)|<unfinished \.\.\.>$)|^\+\+\+ exited|<\.\.\. \w+ resumed>/,
  hint: "ltrace prints them with -e malloc+calloc+realloc+free",
  parser: (name, _, options) => new LtraceParser(name, options, true),
};

/** A call that has not returned. */
interface Waiting extends Call {
  name: string;
}

class LtraceParser extends LogParser {
  /** Calls that have not returned, by thread; the inmost is the last. */
  readonly #waiting = new Map<number, Waiting[]>();
  /** The block that was given last: where, and for how many bytes. */
  #last = { address: 0, size: 0 };

  protected override read(line: string): void {
    const text = line.replace(STRING, '""').replace(OPERATOR, mangled);
    const resumed = RESUMED.exec(text);
    const call = resumed ?? CALL.exec(text);
    if (!call) return;
    const [, one, other] = PID.exec(text) ?? [];
    const pid = Number(one ?? other ?? 0);
    if (resumed) this.#resume(pid, resumed[1]!, resumed[2]!);
    else if (this.takes(pid)) this.#call(pid, call[1]!, call[2]!, call[3]);
  }

  #call(pid: number, name: string, operands: string, result?: string): void {
    const numbers = this.numbers(operands.replace(/\bnil\b/, "0"));
    if (isFree(name)) return this.freed(this.address(numbers));
    if (name === "posix_memalign") {
      this.fail("the block's address (ltrace does not show it)");
    }
    const begun = this.allocation(name, numbers) ??
      this.fail("a function that allocates");
    if (result !== undefined) return this.#finish(begun, result);
    const waiting = this.#waiting.get(pid) ?? [];
    if (waiting.length === MAX_WAITING) this.fail("results of the calls");
    waiting.push({ ...begun, name });
    this.#waiting.set(pid, waiting);
  }

  #resume(pid: number, name: string, result: string): void {
    const call = this.#waiting.get(pid)?.pop();
    if (call === undefined) return;
    if (call.name !== name) this.fail(`the result of ${call.name}`);
    const { address, size } = this.#last;
    const within = address !== 0 && Number(result) === address;
    if (!within || call.size !== size) this.#finish(call, result);
  }

  #finish({ op, size, extra }: Call, result: string): void {
    if (!ADDRESS.test(result)) this.fail("an address");
    const address = result.startsWith("0x") ? this.numbers(result)[0]! : 0;
    this.#last = { address, size };
    if (op === Op.REALLOC) this.reallocated(extra, address, size);
    else this.allocated(op, address, size, extra);
  }
}

/** `operator new[](unsigned long, std::align_val_t)` as a linker knows it. */
function mangled(_: string, which: string, array = "", types = ""): string {
  const aligned = types.includes("align_val_t") ? "St11align_val_t" : "";
  const letter = array ? "a" : which === "new" ? "w" : "l";
  return which === "new"
    ? `_Zn${letter}m${aligned}`
    : `_Zd${letter}Pv${aligned}`;
}
