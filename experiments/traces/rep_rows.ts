/**
 * The operations of a `.rep` file as rows: ids become slots, and every use of
 * an id, a thread or a site must fit.
 *
 * @module
 */
import { plural } from "./plural.ts";
import { isName, MAX_NAME, type Names } from "./lines.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import {
  BLANKS,
  FREEABLE,
  ID,
  LAST_THREAD,
  LIVE,
  RUNNING,
  SITE,
  THREAD,
} from "./rep_operands.ts";
import { isSite, MAX_SITE, MAX_SITES } from "./sites.ts";
import { type Block, Op } from "./trace.ts";

/** Different names in one file; beyond, it is refused. */
const MAX_NAMES = 2 ** 16;
const NAME = `a name of at most ${MAX_NAME} printable characters`;

/** What the operations so far have left. */
export abstract class RepRows {
  /** Where rows go. */
  readonly block: Block;
  /** The names and sites so far. */
  protected readonly names: Names;
  /** What is live. */
  protected readonly objects: Objects = new Objects();
  /** S lines so far. */
  protected sites = 0;
  /** Number of the line being parsed. */
  protected line = 0;
  /** From this row on, every row has extra = site = 0. */
  protected zeroFrom = Infinity;
  /** Threads that have begun and not ended; 0 always has. */
  readonly #threads = new Set<number>();

  /** Nothing is live; rows go to `block`. */
  constructor(names: Names, block: Block) {
    this.names = names;
    this.block = block;
  }

  /** Throws `SyntaxError` with file and line. */
  protected abstract fail(expected: string): never;

  /** `number frames`: the next site. */
  protected defineSite(words: string): void {
    const { sites } = this.names;
    const number = ++this.sites;
    const [first = "", ...frames] = words.split(BLANKS);
    if (first !== `${number}`) {
      this.fail(`the number of the next site, ${number}`);
    }
    const text = frames.join(" ");
    if (number > MAX_SITES) this.fail(`at most ${MAX_SITES} sites`);
    if (!isSite(text)) this.fail(`at most ${MAX_SITE} printable characters`);
    sites[number] = text;
  }

  /** A phase or a client. */
  protected named(op: number, text: string): void {
    const name = text.trim();
    if (!isName(name)) this.fail(NAME);
    const number = this.names.number(name);
    if (number === MAX_NAMES) this.fail(`at most ${MAX_NAMES} names`);
    this.push(op, number, 0, 0);
  }

  /** A request for `size` bytes. */
  protected allocate(
    op: number,
    id: number,
    size: number,
    extra: number,
    site: number,
  ): void {
    if (id > Number.MAX_SAFE_INTEGER) this.fail(ID);
    const objects = this.objects;
    if (objects.full) this.fail(`at most ${MAX_OBJECTS} live ids`);
    if (site > this.sites) this.fail(SITE);
    const slot = op === Op.REALLOC
      ? objects.reallocate(id, size)
      : objects.allocate(id, size);
    if (slot < 0) this.fail("an id that is not live");
    this.push(op, slot, size, extra, site);
  }

  /** A free. */
  protected free(id: number): void {
    const slot = this.objects.free(id);
    const isNull = slot < 0 && id >= 0 && !this.objects.isKnown(id);
    if (slot < 0 && !isNull) this.fail(FREEABLE);
    this.push(Op.FREE, slot, 0, 0);
  }

  /** `thread` runs. */
  protected switch(thread: number): void {
    if (thread > LAST_THREAD) this.fail(THREAD);
    this.#threads.add(thread);
    this.push(Op.THREAD, thread, 0, 0);
  }

  /** `thread` ends. */
  protected endThread(thread: number): void {
    if (thread === 0 || !this.#threads.delete(thread)) this.fail(RUNNING);
    this.push(Op.THREAD_END, thread, 0, 0);
  }

  /** A write or a read. */
  protected access(
    op: number,
    id: number,
    offset: number,
    bytes: number,
  ): void {
    const slot = this.objects.slotOf(id);
    if (slot < 0) this.fail(LIVE);
    const size = this.objects.sizeOf(slot);
    if (offset + bytes > size) {
      this.fail(`an access within ${plural(size, "byte")}`);
    }
    this.push(op, slot, bytes, offset);
  }

  /** Appends a row that comes from the line being parsed. */
  protected push(
    op: number,
    slot: number,
    size: number,
    extra: number,
    site = 0,
  ): void {
    this.block.line[this.block.length] = this.line;
    this.block.push(op, slot, size, extra, site);
    if (extra !== 0 || site !== 0) this.zeroFrom = this.block.length;
  }

  /** Makes extra = site = 0 from row `row` on. */
  protected zero(row: number): void {
    if (row >= this.zeroFrom) return;
    const { extra, site } = this.block;
    extra.fill(0, row, this.zeroFrom);
    site.fill(0, row, this.zeroFrom);
    this.zeroFrom = row;
  }
}
