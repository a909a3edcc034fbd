/**
 * malloc_trim and mallopt: commands to the whole process.
 *
 * @module
 */
import type { Control } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Bin } from "./bins.ts";
import type { Process } from "./process.ts";
import type { Threads } from "./threads.ts";

const { BINS, UNSORTED } = Bin;

/** The commands of a process. */
export class GlibcControl implements Control {
  /** To the arenas of `process`. */
  constructor(
    private readonly process: Process,
    private readonly threads: Threads,
  ) {}

  /** Consolidates main, in the versions that have fast bins. */
  mallopt(parameter: number, value: number): void {
    const { process, threads } = this;
    process.path = 0;
    if (process.version.fastBins) threads.main.consolidate();
    process.settings.mallopt(parameter, value);
    process.maxFastWords = process.settings.maxFast / process.word;
  }

  /** Whole pages in free chunks of all arenas go; of the tops only main's. */
  trim(pad: number): void {
    const { process, threads } = this;
    process.path = 0;
    for (const arena of threads.inRing) {
      if (process.version.fastBins) arena.consolidate();
      if (process.source.lazy) this.discardPages(arena);
    }
    threads.mainMemory.trim(pad);
  }

  private discardPages({ bins, image }: Arena): void {
    const { word, source } = this.process;
    const firstBin = 2 * bins.binOf(PAGE / word);
    for (let bin = UNSORTED; bin < 2 * BINS; bin += 2) {
      if (bin !== UNSORTED && bin < firstBin) continue;
      for (const c of bins.chunksIn(bin)) {
        // The first six words hold the links.
        const at = image.addressOf(c) - 2 * word;
        const start = Math.ceil((at + 6 * word) / PAGE) * PAGE;
        const end = at + image.wordsOf(c) * word;
        const bytes = Math.floor((end - start) / PAGE) * PAGE;
        if (bytes > 0) source.discard(start, bytes);
      }
    }
  }
}
