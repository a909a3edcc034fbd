/**
 * Threads and the arenas that serve them.
 *
 * A thread chooses its arena at its first need and keeps it: the one released
 * last, else a new one while their number allows it, else the next on a ring.
 * An arena that nobody uses any more waits on a list. All is serialised: no
 * lock is ever found taken.
 *
 * Simplified: no contention, which could make a thread pass over an arena; no
 * fork. Source: glibc 2.36, 2.41, 2.43 and 2.44 (Debian), observed; 2.31 is taken
 * to do as 2.36.
 *
 * @module
 */
import { type Address, NULL, type Threading } from "../allocator.ts";
import { Arena } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import { HeapMemory } from "./heap_memory.ts";
import { HeapSpace } from "./heap_space.ts";
import { MainMemory } from "./main_memory.ts";
import { TCACHE_BINS } from "./params.ts";
import { Path } from "./path.ts";
import type { Process } from "./process.ts";
import { State, Tcache } from "./tcache.ts";

const { MAPPED } = Chunk;
const { RETRIED } = Path;

/** The main thread. */
export const MAIN = 0;

/** A thread. */
interface Thread {
  /** The arena it is attached to; undefined: none yet. */
  arena: Arena | undefined;
  readonly tcache: Tcache;
}

/** The threads of a process. */
export class Threads implements Threading {
  /** Whether there was ever a thread besides the main one. */
  threaded = false;
  declare readonly main: Arena;
  declare readonly mainMemory: MainMemory;
  private readonly threads = new Map<number, Thread>();
  declare private current: Thread;
  // Arenas in the order in which they are reused: main, then the newest first.
  private readonly ring: Arena[] = [];
  // Arenas without threads, the one released last at the end.
  private readonly idle: Arena[] = [];
  // Most arenas there can be, once that is decided.
  declare private limit: number | undefined;
  // The arena that is reused next.
  declare private next: Arena;
  declare private readonly space: HeapSpace;

  declare private readonly process: Process;
  declare private readonly unsorted: boolean;
  declare private readonly cores: number;

  /** A process with its main thread, on a machine of `cores` cores. */
  constructor(
    process: Process,
    unsorted: boolean,
    cores: number,
  ) {
    this.process = process;
    this.unsorted = unsorted;
    this.cores = cores;
    this.space = new HeapSpace(process);
    this.main = new Arena(process, unsorted);
    this.mainMemory = new MainMemory(this.main);
    this.main.memory = this.mainMemory;
    this.main.threads = 1;
    process.arenas.push(this.main);
    this.ring.push(this.main);
    this.next = process.from = this.main;
    this.current = { arena: this.main, tcache: new Tcache(process) };
    this.threads.set(MAIN, this.current);
    process.tcache = this.current.tcache;
    process.makeTcache = (within) => this.makeTcache(within);
  }

  /** The following requests are made by thread `number`, which may be new. */
  run(number: number): void {
    let thread = this.threads.get(number);
    if (!thread) {
      this.threaded = true;
      thread = { arena: undefined, tcache: new Tcache(this.process) };
      this.threads.set(number, thread);
    }
    this.current = thread;
    this.process.tcache = thread.tcache;
  }

  /** Thread `number` ends: its tcache is freed, its arena may be another's. */
  end(number: number): void {
    const thread = this.threads.get(number);
    if (!thread || number === MAIN) {
      throw new RangeError(`There is no thread ${number} that could end`);
    }
    const running = this.current;
    this.threads.delete(number);
    this.freeTcache(thread.tcache);
    if (thread.arena) this.detach(thread.arena);
    const next = running === thread ? this.threads.get(MAIN)! : running;
    this.current = next;
    this.process.tcache = next.tcache;
  }

  /**
   * A chunk of `words` for the running thread, or MAPPED, or 0; the process
   * then knows of which arena. `bytes` sizes one that has to be made.
   */
  serve(words: number, bytes: number, retryBytes: number = bytes): number {
    if (!this.threaded) return this.main.search.allocate(words);
    const arena = this.current.arena ?? this.attach(bytes);
    this.process.from = arena;
    const c = arena.search.allocate(words);
    return c === 0 ? this.retry(words, retryBytes) : c;
  }

  /**
   * As `serve`, of a request that every arena refuses as too long; where there
   * are threads the arenas are chosen all the same. Bytes are signed: what is
   * added to them to size an arena can wrap around.
   */
  refuse(bytes: number, retryBytes: number = bytes): 0 {
    const { process } = this;
    process.from = this.arena;
    if (!this.threaded) return 0;
    process.from = this.current.arena ?? this.attach(bytes);
    if (process.from === this.main) this.attach(retryBytes);
    return 0;
  }

  /**
   * Asks another arena than the one that had nothing: main, or where that is
   * main the one that the thread is attached to from now on.
   */
  private retry(words: number, bytes: number): number {
    const { process, main } = this;
    process.path |= RETRIED;
    process.from = process.from === main ? this.attach(bytes) : main;
    return process.from.search.allocate(words);
  }

  /** What serves the running thread: main if it has no arena, or is alone. */
  get arena(): Arena {
    return this.threaded && this.current.arena || this.main;
  }

  /** The arena in whose memory `address` would be; main if in none. */
  arenaAt(address: Address): Arena {
    return this.space.arenaAt(address) ?? this.main;
  }

  /** Every tcache, with the number of its thread. */
  *tcaches(): Generator<readonly [number, Tcache]> {
    for (const [number, { tcache }] of this.threads) yield [number, tcache];
  }

  /** The arenas in the order in which malloc_info and malloc_trim go round. */
  get inRing(): readonly Arena[] {
    return this.ring;
  }

  /**
   * Makes the running thread's tcache: its table is a request like another, or
   * a search `within` an arena whose search wants it. Meanwhile it is off.
   */
  private makeTcache(within: Arena | undefined): void {
    const { process } = this;
    const { settings, word, version } = process;
    const { tcache } = this.current;
    tcache.state = State.OFF;
    if (!version.tcacheFirst && settings.tcacheCount === 0) return;
    const bins = TCACHE_BINS + version.largeTcacheBins;
    const bytes = bins * (2 + word);
    const once = process.chunkWords(bytes);
    const words = within && version.tcachePaddedTwice
      ? process.chunkWords(once * word)
      : once;
    const before = process.from;
    let c = within ? within.search.allocate(words) : this.serve(words, bytes);
    if (c === 0 && !within && !this.threaded) c = this.retry(words, bytes);
    const arena = within ?? process.from;
    process.from = before;
    if (c === 0) {
      if (version.tcacheFirst) tcache.state = State.DUE;
      return;
    }
    tcache.state = State.ON;
    tcache.room = settings.tcacheCount;
    if (c === MAPPED) {
      tcache.tableMapping = process.mappings.last;
    } else {
      tcache.table = c;
      tcache.tableArena = arena;
      arena.memory.fixedBytes += arena.image.wordsOf(c) * word;
    }
    if (process.source.lazy) {
      const address = c === MAPPED
        ? process.mappings.last
        : arena.image.addressOf(c);
      process.source.touch(address, bytes);
    }
  }

  /** The running thread gets an arena, for good. */
  private attach(bytes: number): Arena {
    const thread = this.current;
    const arena = this.choose(bytes);
    if (thread.arena) thread.arena.threads--;
    thread.arena = arena;
    arena.threads++;
    return arena;
  }

  private choose(bytes: number): Arena {
    const idle = this.idle.pop();
    if (idle) return idle;
    return this.mayMakeArena() && this.newArena(bytes) || this.reuse();
  }

  private mayMakeArena(): boolean {
    const { settings, arenas, word, version } = this.process;
    if (this.limit === undefined) {
      const { byTest } = version;
      const test = byTest
        ? Math.max(2, settings.arenaTest) - 1
        : settings.arenaTest;
      if (settings.arenaMax > 0) this.limit = settings.arenaMax;
      else if (arenas.length > test) {
        this.limit = byTest ? arenas.length : this.cores * (word === 8 ? 8 : 2);
      }
    }
    return this.limit === undefined || arenas.length <= this.limit - 1;
  }

  private newArena(bytes: number): Arena | undefined {
    const { process } = this;
    const arena = new Arena(process, this.unsorted);
    const memory = HeapMemory.create(arena, this.space, bytes);
    if (!memory) return undefined;
    arena.memory = memory;
    process.arenas.push(arena);
    process.alone = false;
    this.ring.splice(1, 0, arena);
    return arena;
  }

  private reuse(): Arena {
    const arena = this.next;
    const at = this.ring.indexOf(arena);
    this.next = this.ring[(at + 1) % this.ring.length]!;
    return arena;
  }

  private detach(arena: Arena): void {
    if (--arena.threads === 0) this.idle.push(arena);
  }

  /** Frees what `tcache` holds, then its table, past all tcaches. */
  private freeTcache(tcache: Tcache): void {
    const { process } = this;
    const held: [Arena, number, number][] = [];
    tcache.each((arena, c, words) => held.push([arena, c, words]));
    const mapped = [...tcache.sorted.values()].flat().filter((kept) =>
      !kept.arena
    );
    tcache.clear();
    tcache.room = 0;
    process.tcache = tcache; // which takes nothing any more
    for (const [arena, c, words] of held) arena.releaseUncached(c, words);
    for (const { address } of mapped) {
      process.mappings.cached.delete(address);
      process.mappings.free(address);
    }
    const { table, tableArena, tableMapping } = tcache;
    if (tableArena) {
      const words = tableArena.image.wordsOf(table);
      tableArena.memory.fixedBytes -= words * process.word;
      tcache.table = 0;
      tableArena.releaseUncached(table, words);
    } else if (tableMapping !== NULL) process.mappings.free(tableMapping);
  }
}
