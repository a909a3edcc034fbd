/**
 * Requests for kernel objects in the words of ftrace, `trace-cmd report` and
 * `perf script`: those of one cache, or all of kmalloc.
 *
 *     init-1 [000] ..... 65.840504: kmem_cache_alloc: call_site=f+0x21/0x40
 *         ptr=00000000d2be5665 name=filp bytes_req=176 bytes_alloc=192
 *         gfp_flags=GFP_KERNEL node=-1 accounted=true
 *     rm-276 [000] .Ns.. 71.244468: kmem_cache_free: call_site=f+0x2bd/0x580
 *         ptr=00000000d2be5665 name=filp
 *     cc1 24254 [001] 18524.711: kmem:kmalloc: (f+0x1) call_site=ffffffff8110
 *         ptr=0xff11000005987918 bytes_req=24 bytes_alloc=32 gfp_flags=GFP_KERNEL
 *     cc1 24254 [001] 18524.712: kmem:kfree: call_site=ffffffff8110 ptr=(nil)
 *
 * An object is known by its pointer, be that hashed or not: hashed ones tell
 * objects apart as well, but not where they lie. The free of one that was there
 * before the recording began is left out, and counted, as is a request that was
 * refused; where an object lies on one that is live, the free of that was not
 * recorded. Frees of NULL mean nothing. Allocations of a second cache are an
 * error: by its sizes or, from 7.2 on, by its name. THREAD rows have the CPU.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { printable } from "./lines.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import { LAST_THREAD } from "./rep_operands.ts";
import { Op } from "./trace.ts";
import { TracerParser } from "./tracer.ts";

const EVENT =
  /(?:^|[\s:])(kmem_cache_alloc|kmem_cache_free|kmalloc|kfree)(?:_node)?:\s+(?:\S+ )?call_site=.*\bptr=(\S+)( .*)?$/;
const POINTER = /^(?:0x)?([\da-f]{1,16})$/;
/** The pointer to nothing, as it is printed. */
const NOTHING = /^(?:\(null\)|\(nil\)|0+|0x0+)$/;
const SIZES = / bytes_req=(\d{1,10}) bytes_alloc=(\d{1,10})\b/;
const NAME = / name=(\S+)/;
/** Digits of a pointer that are taken: in the kernel the others are alike. */
const DIGITS = 13;

/** What tracers of the kernel print. */
export const slabLog: Format = {
  name: "slab log",
  summary: "the kernel's kmem:kmem_cache_alloc and kmem_cache_free of one " +
    "cache, or kmalloc and kfree, as the same tools print them",
  holds: "bytes",
  line: EVENT,
  hint: "frees alone are of objects that are not known",
  parser: (name, names) => new SlabLogParser(name, names),
};

class SlabLogParser extends TracerParser {
  leftOut = 0;
  refused = 0;
  readonly #objects = new Objects();
  /** The cache of all allocations: its name and sizes, as far as they show. */
  #cache: string | undefined;

  protected override on(cpu: number): void {
    if (cpu > LAST_THREAD) this.fail(`a CPU of 0 .. ${LAST_THREAD}`);
    this.push(Op.THREAD, cpu, 0, 0);
  }

  protected override row(line: string): boolean {
    const match = EVENT.exec(line);
    if (!match) return true; // something else
    const [, event, pointer, rest = ""] = match;
    const frees = event === "kmem_cache_free" || event === "kfree";
    if (NOTHING.test(pointer!)) {
      if (!frees) this.refused++;
      return true;
    }
    const digits = POINTER.exec(pointer!)?.[1];
    if (digits === undefined) this.fail("a pointer of hexadecimal digits");
    if (this.marked(line)) return false;
    const id = parseInt(digits.slice(-DIGITS), 16);
    if (frees) {
      if (!this.#free(id)) this.leftOut++;
      return true;
    }
    const [, asked, given] = SIZES.exec(rest) ?? [];
    if (asked === undefined) this.fail("bytes_req and bytes_alloc");
    this.#checkCache(
      event === "kmalloc"
        ? "kmalloc"
        : `${NAME.exec(rest)?.[1] ?? "a cache"} (${asked} of ${given} bytes)`,
    );
    if (this.#free(id)) return false;
    if (this.#objects.full) this.fail(`at most ${MAX_OBJECTS} live objects`);
    const slot = this.#objects.allocate(id, Number(asked));
    this.push(Op.MALLOC, slot, Number(asked), 0);
    return true;
  }

  /** Fails if an allocation is of another cache than those before. */
  #checkCache(cache: string): void {
    this.#cache ??= cache;
    if (cache !== this.#cache) {
      const one = printable(this.#cache);
      this.fail(`allocations of one cache, ${one}; grep takes one of several`);
    }
  }

  /** Frees the object `id`; false if it is not live. */
  #free(id: number): boolean {
    const slot = this.#objects.free(id);
    if (slot >= 0) this.push(Op.FREE, slot, 0, 0);
    return slot >= 0;
  }
}
