/**
 * Every rule of glibc's malloc, bent or removed one at a time. A rule has the
 * number that the project's list of rules gives it; a letter tells its
 * mutations apart. Each must be noticed by a recorded run of the real malloc.
 *
 * Not here: 29 and 35 to 37, where they have no effect on addresses; 29 is a
 * consequence of others. What 3 and 28 say of clearing and of pages inside free
 * chunks shows in resident pages only. The bitmap of 12 and 19 saves time and
 * changes nothing.
 *
 * @module
 */

/** One change of the source. */
export interface Mutation {
  /** Number of the rule, and a letter. */
  rule: string;
  /** What is bent. */
  what: string;
  /** File in allocators/glibc. */
  file: string;
  /** Text that occurs there once. */
  find: string;
  /** Text to put in its place. */
  replace: string;
}

const mutations: Mutation[] = [];

function bend(
  rule: string,
  what: string,
  file: string,
  find: string,
  replace: string,
): void {
  mutations.push({ rule, what, file: `${file}.ts`, find, replace });
}

// Entry points.
bend(
  "1a",
  "the limit of a size",
  "system",
  "if (request >= 2 ** (8 * word - 1)) return 0;",
  "if (request >= 2 ** (8 * word)) return 0;",
);
bend(
  "1b",
  "the size is checked before the tcache is made",
  "glibc",
  "if (words === 0) return this.handOut(0);\n    if (!this.tcacheReady) this.#prepareTcache();",
  "if (!this.tcacheReady) this.#prepareTcache();\n    if (words === 0) return this.handOut(0);",
);
bend(
  "1l",
  "calloc, too, checks the size first",
  "glibc",
  "const words = this.chunkWords(size);\n    if (words === 0) return this.handOut(0);\n    this.#prepareTcache();",
  "this.#prepareTcache();\n    const words = this.chunkWords(size);\n    if (words === 0) return this.handOut(0);",
);
bend(
  "1c",
  "calloc makes the tcache",
  "glibc",
  "this.#prepareTcache();\n    const oldTop",
  "const oldTop",
);
bend(
  "1d",
  "free makes the tcache",
  "glibc",
  "if (!this.tcacheReady) this.#prepareTcache();\n    this.release",
  "this.release",
);
bend(
  "1e",
  "realloc makes the tcache",
  "glibc",
  "else this.#prepareTcache();",
  "",
);
bend(
  "1f",
  "free of a mapping does not make the tcache",
  "glibc",
  "this.#requireMapping(address);\n      this.unmapChunk",
  "this.#requireMapping(address);\n      this.#prepareTcache();\n      this.unmapChunk",
);
bend(
  "1g",
  "realloc of a mapping does not make the tcache",
  "glibc",
  "else this.#prepareTcache();",
  "this.#prepareTcache();",
);
bend(
  "1h",
  "the table is there even with tcache_count=0",
  "glibc",
  "if (this.tcacheReady) return;",
  "if (this.tcacheReady || this.settings.tcacheCount === 0) return;",
);
bend(
  "1i",
  "its length",
  "glibc",
  "TCACHE_BINS * (2 + word)",
  "TCACHE_BINS * word",
);
bend(
  "1j",
  "memalign does not make the tcache",
  "glibc",
  "let power = ",
  "this.#prepareTcache();\n    let power = ",
);
bend(
  "1k",
  "memalign does not look in the tcache",
  "resize",
  "let c = whole === 0 ? 0 : this.allocate(whole);",
  "const i = this.tcacheIndex(whole);\n    let c = whole === 0 ? 0 : i < this.tcacheBins && this.tcacheHead[i]! > 0 ? this.uncache(i) : this.allocate(whole);",
);
bend(
  "2a",
  "tcache bins are stacks",
  "caches",
  "this.image[c + 2] = this.tcacheHead[i]!;\n    this.tcacheHead[i] = c;",
  "let last = this.tcacheHead[i]!;\n    while (last && this.image[last + 2]) last = this.image[last + 2]!;\n    this.image[c + 2] = 0;\n    if (last) this.image[last + 2] = c;\n    else this.tcacheHead[i] = c;",
);
bend(
  "2b",
  "seven a bin",
  "params",
  "DEFAULT_TCACHE_COUNT = 7",
  "DEFAULT_TCACHE_COUNT = 6",
);
bend(
  "2c",
  "64 bins",
  "params",
  "tcacheBins = TCACHE_BINS",
  "tcacheBins = TCACHE_BINS - 1",
);
bend(
  "2d",
  "tcache_max leaves one bin at least",
  "params",
  "Math.ceil((chunk - shortest) / align) + 1",
  "Math.ceil((chunk - shortest) / align)",
);
bend(
  "3",
  "calloc does not look in the tcache",
  "glibc",
  "const c = this.allocate(words);\n    if (c > 0",
  "const i = this.tcacheIndex(words);\n    const c = i < this.tcacheBins && this.tcacheHead[i]! > 0 ? this.uncache(i) : this.allocate(words);\n    if (c > 0",
);
bend(
  "4a",
  "the tcache comes before fast bins",
  "free",
  "if (this.tcacheTakes(i)) {",
  "if (words > this.maxFastWords && this.tcacheTakes(i)) {",
);
bend(
  "4b",
  "a full tcache bin takes no more",
  "caches",
  "this.tcacheHeld[i]! < this.tcacheRoom",
  "this.tcacheHeld[i]! <= this.tcacheRoom && this.tcacheRoom > 0",
);
bend(
  "5a",
  "fast bins also beside the top",
  "free",
  "if (words <= this.maxFastWords) {",
  "if (words <= this.maxFastWords && c + words !== this.top) {",
);
bend(
  "5b",
  "the longest fast chunk",
  "free",
  "if (words <= this.maxFastWords) {",
  "if (words < this.maxFastWords) {",
);
bend("5c", "the flag", "caches", "this.haveFast = true;", "");
bend(
  "5d",
  "fast bins are stacks",
  "caches",
  "this.image[c + 2] = this.fastHead[i]!;\n    this.fastHead[i] = c;",
  "let last = this.fastHead[i]!;\n    while (last && this.image[last + 2]) last = this.image[last + 2]!;\n    this.image[c + 2] = 0;\n    if (last) this.image[last + 2] = c;\n    else this.fastHead[i] = c;",
);
bend(
  "6a",
  "merges with the chunk below",
  "free",
  "if ((image[c + 1]! & BELOW_IN_USE) === 0) {",
  "if ((image[c + 1]! & BELOW_IN_USE) === 2) {",
);
bend(
  "6b",
  "merges with the chunk above",
  "free",
  "if ((image[next + nextWords + 1]! & BELOW_IN_USE) === 0) {",
  "if ((image[next + nextWords + 1]! & BELOW_IN_USE) === 2) {",
);
bend(
  "6c",
  "merges with the top",
  "free",
  "if (next === this.top) {",
  "if (next === 0) {",
);
bend(
  "6d",
  "enters the unsorted list in front",
  "bins",
  "const next = image[UNSORTED + 2]!;\n    image[c + 2] = next;\n    image[c + 3] = UNSORTED;\n    image[next + 3] = c;\n    image[UNSORTED + 2] = c;",
  "const last = image[UNSORTED + 3]!;\n    image[c + 3] = last;\n    image[c + 2] = UNSORTED;\n    image[last + 2] = c;\n    image[UNSORTED + 3] = c;",
);
bend(
  "7a",
  "64 KiB",
  "free",
  "CONSOLIDATION_BYTES = 65_536",
  "CONSOLIDATION_BYTES = 65_552",
);
bend(
  "7b",
  "the merged length includes the top",
  "free",
  "this.setTop(c, merged);\n      return merged;",
  "this.setTop(c, merged);\n      return merged - nextWords;",
);
bend(
  "7c",
  "a long chunk consolidates",
  "free",
  "if (this.haveFast) this.consolidate();",
  "",
);
bend(
  "7d",
  "a long chunk trims",
  "free",
  ">= trimThreshold) this.trim(topPad);",
  ">= Infinity) this.trim(topPad);",
);
bend("7e", "trims to the pad", "free", "this.trim(topPad);", "this.trim(0);");
bend(
  "7f",
  "trims at the threshold",
  "free",
  ">= trimThreshold)",
  "> trimThreshold)",
);
bend(
  "8",
  "realloc to 0 frees",
  "glibc",
  "if (size === 0) {",
  "if (size < 0) {",
);

// Consolidation.
bend(
  "9a",
  "from the shortest on",
  "free",
  "for (let words = MIN_WORDS; this.fastBlocks > 0; words += 2) {",
  "for (let words = MIN_WORDS + 30; this.fastBlocks > 0; words -= 2) {",
);
bend(
  "9b",
  "each list from its head",
  "free",
  "this.haveFast = false;\n    this.path",
  "this.haveFast = false;\n    for (let i = 0; i < 16; i++) {\n      let back = 0;\n      for (let c = this.fastHead[i]!; c !== 0;) {\n        const next = this.image[c + 2]!;\n        this.image[c + 2] = back;\n        back = c;\n        c = next;\n      }\n      this.fastHead[i] = back;\n    }\n    this.path",
);
bend("9c", "clears the flag", "free", "this.haveFast = false;", "");
bend(
  "10a",
  "large requests consolidate",
  "search",
  "} else if (this.haveFast) {\n      this.consolidate();\n    }",
  "}",
);
bend(
  "10b",
  "small requests do not",
  "search",
  "if (c !== 0) return c;\n    } else if (this.haveFast) {",
  "if (c !== 0) return c;\n    }\n    if (this.haveFast) {",
);
bend(
  "10c",
  "mallopt consolidates",
  "glibc",
  "this.path = 0;\n    this.consolidate();\n    this.settings",
  "this.path = 0;\n    this.settings",
);
bend(
  "10d",
  "malloc_trim consolidates",
  "glibc",
  "this.path = 0;\n    this.consolidate();\n    if (this.source.lazy)",
  "this.path = 0;\n    if (this.source.lazy)",
);

// The search.
bend(
  "11a",
  "fast bins serve",
  "search",
  "if (words <= this.maxFastWords) {",
  "if (words < 0) {",
);
bend(
  "11b",
  "a fast hit fills the tcache",
  "search",
  "this.stashFast(words);",
  "",
);
bend(
  "12a",
  "the oldest of a small bin",
  "search",
  "const bin = 2 * index;\n    const c = this.image[bin + 3]!;\n    if (c === bin)",
  "const bin = 2 * index;\n    const c = this.image[bin + 2]!;\n    if (c === bin)",
);
bend(
  "12b",
  "a small hit fills the tcache",
  "search",
  "this.stashSmall(bin, words);",
  "",
);
bend(
  "12c",
  "from the back",
  "caches",
  "const c = this.image[bin + 3]!;",
  "const c = this.image[bin + 2]!;",
);
bend(
  "13",
  "no small bin for large requests",
  "search",
  "if (words < this.firstLargeWords) {\n      const c",
  "if (true) {\n      const c",
);
bend(
  "14a",
  "small requests only",
  "search",
  "words < this.firstLargeWords && have > words + MIN_WORDS",
  "have > words + MIN_WORDS",
);
bend(
  "14b",
  "the only unsorted chunk",
  "search",
  "c === this.lastRemainder && image[c + 3] === UNSORTED &&",
  "c === this.lastRemainder &&",
);
bend(
  "14c",
  "strictly longer",
  "search",
  "have > words + MIN_WORDS\n",
  "have >= words + MIN_WORDS\n",
);
bend(
  "14d",
  "the last remainder only",
  "search",
  "c === this.lastRemainder && image[c + 3] === UNSORTED &&",
  "image[c + 3] === UNSORTED &&",
);
bend(
  "14e",
  "the remainder is the new last remainder",
  "search",
  "this.lastRemainder = this.#split(c, have, words);",
  "this.#split(c, have, words);",
);
bend(
  "14f",
  "from the back",
  "search",
  "const c = image[UNSORTED + 3]!;\n      if (c === UNSORTED) break;",
  "const c = image[UNSORTED + 2]!;\n      if (c === UNSORTED) break;\n      image[image[c + 2]! + 3] = image[c + 3]!;\n      image[image[c + 3]! + 2] = image[c + 2]!;\n      const l = image[UNSORTED + 3]!;\n      image[c + 3] = l;\n      image[c + 2] = UNSORTED;\n      image[l + 2] = c;\n      image[UNSORTED + 3] = c;",
);
bend(
  "14g",
  "exact chunks fill the tcache first",
  "search",
  "if (!this.tcacheTakes(i)) return c;",
  "return c;",
);
bend(
  "14h",
  "small chunks are filed in front",
  "bins",
  "? image[bin + 2]!\n      : this.#placeInOrder",
  "? bin\n      : this.#placeInOrder",
);
bend(
  "14i",
  "the last remainder stays what it was once taken",
  "search",
  "this.takeWhole(c, words);\n        this.path |= Path.UNSORTED;",
  "this.takeWhole(c, words);\n        if (c === this.lastRemainder) this.lastRemainder = 0;\n        this.path |= Path.UNSORTED;",
);
bend(
  "15a",
  "stops beyond the limit",
  "search",
  "this.#filed > tcacheUnsortedLimit",
  "this.#filed >= tcacheUnsortedLimit",
);
bend(
  "15b",
  "only once something was cached",
  "search",
  "if (\n        cached && tcacheUnsortedLimit > 0",
  "if (\n        tcacheUnsortedLimit > 0",
);
bend(
  "15c",
  "after 10,000",
  "search",
  "MAX_FILED = 10_000",
  "MAX_FILED = 10_001",
);
bend(
  "15d",
  "before 10,001",
  "search",
  "MAX_FILED = 10_000",
  "MAX_FILED = 9_999",
);
bend(
  "15e",
  "counts what was filed before",
  "search",
  "let cached = false;",
  "let cached = false;\n    this.#filed = 0;",
);
bend(
  "15f",
  "stops at all",
  "search",
  "MAX_FILED = 10_000",
  "MAX_FILED = Infinity",
);
bend(
  "16",
  "returns the newest cached",
  "search",
  "return cached ? this.uncache(i) : 0;",
  "return 0;",
);
bend(
  "17a",
  "equal lengths stand second",
  "bins",
  "return image[holder + 2]!;",
  "{\n      let next = holder;\n      while (next !== bin && (image[next + 1]! & WORDS) === words) {\n        next = image[next + 2]!;\n      }\n      return next;\n    }",
);
bend(
  "17b",
  "a new shortest goes to the end",
  "bins",
  "this.#enterRing(c, largest);\n      return bin;",
  "return bin;",
);
bend(
  "18a",
  "the shortest that fits",
  "search",
  "let c = image[largest + 5]!;",
  "let c = largest;",
);
bend(
  "18b",
  "spares the holder of the ring",
  "search",
  "if (next !== bin && (image[next + 1]! & WORDS) === have) c = next;",
  "",
);
bend(
  "18c",
  "a short remainder is given along",
  "search",
  "if (have - words < MIN_WORDS) {",
  "if (have - words <= MIN_WORDS) {",
);
bend(
  "18d",
  "the last remainder stays",
  "search",
  "this.#takePart(c, have, words);\n    return c;",
  "this.lastRemainder = this.#takePart(c, have, words) || this.lastRemainder;\n    return c;",
);
bend(
  "19a",
  "the last chunk of the bin",
  "search",
  "const bin = 2 * index;\n      const c = image[bin + 3]!;",
  "const bin = 2 * index;\n      const c = image[bin + 2]!;",
);
bend(
  "19b",
  "a small request sets the last remainder",
  "search",
  "if (rest !== 0 && words < this.firstLargeWords) {",
  "if (false) {",
);
bend(
  "19c",
  "a large one does not",
  "search",
  "if (rest !== 0 && words < this.firstLargeWords) {",
  "if (rest !== 0) {",
);
bend(
  "20a",
  "the next of its length inherits the ring",
  "bins",
  "if (image[next + 4] !== 0) {",
  "if (smaller !== c) {",
);
bend(
  "20b",
  "unsorted chunks are on no ring",
  "bins",
  "if (large) image[c + 4] = image[c + 5] = 0;",
  "",
);
bend(
  "21a",
  "the top keeps a shortest chunk",
  "system",
  "if (rest < MIN_WORDS) return 0;",
  "if (rest <= MIN_WORDS) return 0;",
);
bend(
  "21b",
  "consolidates before the system is asked",
  "search",
  "if (!this.haveFast) return this.fromSystem(exact);\n      this.consolidate();",
  "return this.fromSystem(exact);",
);

// System memory.
bend(
  "22a",
  "maps at the threshold",
  "system",
  "if (bytes >= mmapThreshold",
  "if (bytes > mmapThreshold",
);
bend(
  "22b",
  "up to mmap_max",
  "system",
  "this.mappings.size < mmapMax",
  "this.mappings.size <= mmapMax",
);
bend(
  "22c",
  "the padded length counts",
  "system",
  "if (bytes >= mmapThreshold",
  "if (bytes - this.word >= mmapThreshold",
);
bend(
  "22d",
  "a word more",
  "system",
  "pageUp(bytes + extra)",
  "pageUp(bytes)",
);
bend(
  "22e",
  "and the alignment on i386",
  "system",
  "word * 2 === align ? word : word + align - 1",
  "word",
);
bend(
  "23a",
  "two words of header",
  "glibc",
  "this.leadOf(address) - 2 * this.word",
  "this.leadOf(address) - this.word",
);
bend(
  "23b",
  "the front offset of i386",
  "system",
  "? 8\n    : 0",
  "? 0\n    : 0",
);
bend("24a", "the pad", "system", "bytes + this.settings.topPad + ", "bytes + ");
bend(
  "24b",
  "a shortest chunk more",
  "system",
  "this.settings.topPad + MIN_WORDS * this.word",
  "this.settings.topPad",
);
bend(
  "24c",
  "the old top counts",
  "system",
  "this.#contiguous ? need - oldBytes : need",
  "need",
);
bend(
  "25a",
  "the start is aligned",
  "system",
  "misaligned > 0 ? start + align - misaligned : start",
  "start - misaligned",
);
bend(
  "25b",
  "the correction covers the old top",
  "system",
  "const least = end + aligned - start + oldBytes;",
  "const least = end + aligned - start;",
);
bend(
  "25c",
  "the gap counts",
  "system",
  "this.systemBytes += start - oldEnd;",
  "",
);
bend(
  "25d",
  "two fenceposts",
  "system",
  "(words - 4) & -this.alignWords",
  "(words - 2) & -this.alignWords",
);
bend(
  "25e",
  "the rest is freed",
  "system",
  "if (freed) this.release(c, rest);",
  "",
);
bend(
  "25f",
  "if it is long enough",
  "system",
  "const freed = rest >= MIN_WORDS;",
  "const freed = rest > MIN_WORDS;",
);
bend(
  "25g",
  "by the ordinary free, which can trim",
  "system",
  "if (freed) this.release(c, rest);",
  "this.settings.trimThreshold += 2 ** 40;\n    if (freed) this.release(c, rest);\n    this.settings.trimThreshold -= 2 ** 40;",
);
bend(
  "26a",
  "1 MiB units",
  "system",
  "FALLBACK_UNIT = 2 ** 20",
  "FALLBACK_UNIT = 2 ** 12",
);
bend(
  "26b",
  "the old top is added again",
  "system",
  "Math.ceil((size + oldBytes) / FALLBACK_UNIT)",
  "Math.ceil(size / FALLBACK_UNIT)",
);
bend(
  "26c",
  "not contiguous for ever",
  "system",
  "this.#contiguous = false;",
  "",
);
bend(
  "26d",
  "no mapping in place of brk",
  "system",
  "start = size > bytes ? this.source.mmap(size) : NULL;",
  "start = NULL;",
);
bend(
  "26e",
  "brk is tried again",
  "system",
  "let start = size > 0 ?",
  "let start = size > 0 && this.#contiguous ?",
);
bend(
  "26f",
  "no page correction then",
  "system",
  "end = this.source.sbrk(0);\n    }\n    const below",
  "this.source.sbrk(pageUp(end) - end);\n      end = pageUp(end);\n    }\n    const below",
);
bend(
  "26g",
  "the gap does not count then",
  "system",
  "end = this.source.sbrk(0);\n    }\n    const below",
  "end = this.source.sbrk(0);\n      if (top !== 0) this.systemBytes += PAGE;\n    }\n    const below",
);
bend(
  "27a",
  "keeps one byte more",
  "free",
  "topBytes - MIN_WORDS * this.word - 1",
  "topBytes - MIN_WORDS * this.word",
);
bend(
  "27b",
  "only at the break",
  "free",
  "if (this.source.sbrk(0) !== this.topEnd) return;",
  "",
);
bend(
  "27c",
  "compares unsigned",
  "free",
  "if (unsigned(available) <= unsigned(pad)) return;",
  "if (available <= unsigned(pad)) return;",
);
bend(
  "27d",
  "the default threshold",
  "params",
  "trimThreshold = DEFAULT_THRESHOLD",
  "trimThreshold = DEFAULT_THRESHOLD - 4096",
);
bend(
  "27e",
  "the default pad",
  "params",
  "topPad = DEFAULT_THRESHOLD",
  "topPad = DEFAULT_THRESHOLD - 4096",
);
bend(
  "28",
  "malloc_trim trims to its pad",
  "glibc",
  "this.trim(pad);",
  "this.trim(0);",
);
bend(
  "30a",
  "the flag bit counts",
  "system",
  "MAPPED_FLAG = 2",
  "MAPPED_FLAG = 0",
);
bend(
  "30b",
  "not above the ceiling",
  "system",
  "header <= this.geometry.thresholdCeiling",
  "header - 3 <= this.geometry.thresholdCeiling",
);
bend(
  "30c",
  "the trim threshold is twice",
  "params",
  "this.trimThreshold = 2 * bytes;",
  "this.trimThreshold = bytes;",
);
bend(
  "30d",
  "not once a parameter was set",
  "params",
  "this.dynamic = false;",
  "",
);
bend(
  "30e",
  "not on realloc",
  "resize",
  "if (start !== NULL) {",
  "if (start !== NULL) {\n      this.settings.raiseThreshold(Math.max(this.settings.mmapThreshold, length - lead));",
);
bend(
  "30f",
  "grows at all",
  "params",
  "this.mmapThreshold = bytes;",
  "",
);
bend(
  "30g",
  "only the chunk counts, not the lead",
  "system",
  "const bytes = length - lead;",
  "const bytes = length;",
);

// realloc and memalign.
bend(
  "31a",
  "a word more",
  "resize",
  "(bytes + lead + word) / PAGE",
  "(bytes + lead) / PAGE",
);
bend(
  "31b",
  "never back to the heap",
  "resize",
  "if (start !== NULL) {",
  "if (start !== NULL && bytes >= this.settings.mmapThreshold) {",
);
bend(
  "31c",
  "the lead stays",
  "resize",
  "(bytes + lead + word) / PAGE",
  "(bytes + word) / PAGE",
);
bend(
  "32a",
  "a short rest stays",
  "resize",
  "if (have - words < MIN_WORDS) {",
  "if (have - words <= MIN_WORDS) {",
);
bend(
  "32b",
  "grows into the top",
  "resize",
  "if (next === this.top && both >= words + MIN_WORDS) {",
  "if (next === 0) {",
);
bend(
  "32c",
  "if a shortest top is left",
  "resize",
  "both >= words + MIN_WORDS) {",
  "both > words + MIN_WORDS) {",
);
bend(
  "32d",
  "grows into a free chunk",
  "resize",
  "if (next !== this.top && both >= words && !this.inUse(next)) {",
  "if (next === 0) {",
);
bend(
  "32e",
  "if it is just enough",
  "resize",
  "both >= words && !this.inUse",
  "both > words && !this.inUse",
);
bend(
  "32f",
  "joins the new chunk if it is next",
  "resize",
  "if (fresh !== next) return",
  "if (fresh !== 0.5) return",
);
bend(
  "32g",
  "does not look in the tcache",
  "resize",
  "const fresh = this.allocate(words);",
  "const i = this.tcacheIndex(words);\n        const fresh = i < this.tcacheBins && this.tcacheHead[i]! > 0 ? this.uncache(i) : this.allocate(words);",
);
bend(
  "32h",
  "the rest is freed by the ordinary free",
  "resize",
  "this.release(c + words, have - words);",
  "const room = this.tcacheRoom;\n    this.tcacheRoom = 0;\n    this.release(c + words, have - words);\n    this.tcacheRoom = room;",
);
bend(
  "32i",
  "the old block is freed after the search",
  "resize",
  "const fresh = this.allocate(words);",
  "this.release(c, this.takeBack(c));\n        const fresh = this.allocate(words);\n        if (fresh > 0) {\n          return this.handOut(fresh);\n        }",
);
bend(
  "33a",
  "a longer tail only",
  "resize",
  "if (have > words + MIN_WORDS)",
  "if (have >= words + MIN_WORDS)",
);
bend(
  "33b",
  "up to the alignment of malloc",
  "glibc",
  "if (alignment <= align) return",
  "if (alignment < align) return",
);
bend(
  "33c",
  "at least a shortest chunk",
  "glibc",
  "let power = MIN_WORDS * word;",
  "let power = 2 * MIN_WORDS * word;",
);
bend(
  "33d",
  "powers of two",
  "glibc",
  "while (power < alignment) power *= 2;",
  "power = Math.max(power, alignment);",
);
bend(
  "33e",
  "a lead is a chunk",
  "resize",
  "aligned - address < shortest",
  "aligned - address < 0",
);
bend(
  "33f",
  "the need is padded again",
  "resize",
  "this.chunkWords(words * this.word + alignment + shortest)",
  "words + (alignment + shortest) / this.word",
);
bend(
  "33g",
  "the lead is freed",
  "resize",
  "this.release(c, lead);",
  "this.fixedBytes += lead * this.word;",
);
bend(
  "33h",
  "a mapping moves its offset",
  "resize",
  "if (c === MAPPED) {\n      const lead",
  "if (c === MAPPED && this.word < 0) {\n      const lead",
);

// Figures and settings.
bend(
  "34a",
  "the tcache is in use",
  "inspect",
  "keepcost + this.binned.bytes + fsmblks",
  "keepcost + this.binned.bytes + fsmblks + this.tcacheHeld[0]! * this.word",
);
bend(
  "34b",
  "the top counts",
  "inspect",
  "this.binned.blocks + 1",
  "this.binned.blocks",
);
bend("34c", "fast chunks", "inspect", "smblks: this.fastBlocks", "smblks: 0");
bend(
  "34d",
  "whole mappings",
  "inspect",
  "hblkhd: this.mappedBytes",
  "hblkhd: this.mappedBytes - this.mappings.size * this.word",
);
bend(
  "36a",
  "mxfast is padded",
  "params",
  "return (request + word) & -align;",
  "return request & -align;",
);
bend(
  "36b",
  "the highest mxfast",
  "params",
  "unsigned <= 20 * this.#geometry.word",
  "unsigned <= 21 * this.#geometry.word",
);
bend(
  "36c",
  "a low mxfast",
  "params",
  "if (request <= align - 1 - word) return 2 * word;",
  "if (request <= align - 1 - word) return 4 * word;",
);
bend(
  "36d",
  "the highest tcache_max",
  "params",
  "if (request > longest) return;",
  "",
);
bend(
  "36e",
  "the highest tcache_count",
  "params",
  "if (value <= MAX_TCACHE_COUNT)",
  "if (value >= 0)",
);
bend(
  "36f",
  "other parameters set nothing",
  "params",
  "default:\n        return;",
  "default:\n        break;",
);
bend(
  "36g",
  "a negative mmap_max",
  "params",
  "this.mmapMax = value;",
  "this.mmapMax = unsigned;",
);
bend(
  "36h",
  "thresholds are unsigned",
  "params",
  "this.mmapThreshold = unsigned;",
  "this.mmapThreshold = value;",
);

/** All of them. */
export const MUTATIONS: readonly Mutation[] = mutations;
