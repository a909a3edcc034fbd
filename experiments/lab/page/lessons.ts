/**
 * The lessons, in the order in which they are taught.
 *
 * The numbers in them are what the models answer: a test performs every lesson
 * and looks.
 *
 * @module
 */
import type { Lesson } from "./lesson.ts";

/** So many lines. */
function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n") + "\n";
}

/** Nodes of a std::map with an 8-byte key and value: 48 bytes each. */
const NODES = 4000;
const NODE = 48;

/** All of them. */
export const LESSONS: readonly Lesson[] = [
  {
    id: "erase",
    title: "Why erase gives nothing back",
    source: {
      kind: "text",
      text: lines(NODES, (i) => `a ${i} ${NODE}`) + `a ${NODES} 100\n` +
        lines(NODES, (i) => `f ${i}`),
    },
    allocators: ["glibc"],
    steps: [
      {
        op: NODES,
        text:
          "A std::map has got 4,000 nodes of 48 bytes. malloc took them from the break, one above the other: the map shows a rising edge. Each node takes 64 bytes.",
      },
      {
        op: NODES + 1,
        text:
          "One more request: 100 bytes that will stay. They lie right above the last node, and below the top.",
      },
      {
        op: 2 * NODES + 1,
        text:
          "Now map.erase() has freed every node: seven lie in the tcache, 3,993 in a fast bin. The live bytes fell to 100, the footprint did not move: only the top can be given back, and the last block keeps all that is below it.",
      },
    ],
    question:
      "How many bytes does the heap still hold from the system (the footprint)?",
    answer: 270336,
    why: "One live block of 100 bytes keeps two steps of the break, 264 KiB.",
  },
  {
    id: "pinned",
    title: "The pinned page",
    source: {
      kind: "text",
      text: lines(2560, (i) => `a ${i} 2000`) +
        lines(2560, (i) => i % 20 === 0 ? `p kept${i}` : `f ${i}`) +
        "t 0\n",
    },
    allocators: ["glibc"],
    steps: [
      {
        op: 2560,
        text:
          "2,560 blocks of 2,000 bytes: 5 MB, every page of them is resident. The line at the right of the map shows resident pages.",
      },
      {
        op: 2560 + 2432,
        text:
          "All but every 20th block are freed. 95 % of the heap is free, in holes of 19 blocks, and nothing has gone back.",
      },
      {
        op: 2560 + 2432 + 1,
        text:
          "malloc_trim(0) gives whole free pages back. A page with a living byte stays, and each of the 128 blocks lies on one or two: 192 pages are pinned.",
      },
    ],
    question: "How many bytes are live, as they were asked for?",
    answer: 256000,
    why: "128 blocks of 2,000 bytes keep 192 pages, 786,432 bytes, resident.",
  },
  {
    id: "rounding",
    title: "9 KiB in 16 KiB",
    source: { kind: "text", text: "a 0 9216\na 1 8192\na 2 8193\nf 1\n" },
    allocators: ["buddy"],
    steps: [
      {
        op: 1,
        text:
          "A binary buddy allocator has blocks of 2^k bytes only. A request for 9 KiB gets 16 KiB: 7 KiB are lost inside the block. The map shows what was asked for, the row beside it the whole block, with what is lost in a fainter colour.",
      },
      {
        op: 2,
        text: "8 KiB are a power of two: nothing is lost.",
      },
      {
        op: 3,
        text:
          "8 KiB and one byte: again 16 KiB. That is the worst that can be.",
      },
    ],
    question: "How many bytes of the block of the first request are of no use?",
    answer: 7168,
    why: "16,384 - 9,216 = 7,168: internal fragmentation of 44 %.",
  },
  {
    id: "split",
    title: "Split and merge",
    source: { kind: "text", text: "a 0 4096\na 1 4096\nf 0\nf 1\n" },
    allocators: ["buddy:pages=16"],
    steps: [
      {
        op: 1,
        text:
          "An arena of 64 KiB serves one page: it is cut in halves until a block of 4 KiB is there. Each cut leaves a free buddy, one of each size.",
      },
      {
        op: 2,
        text:
          "The second page is the buddy of the first: nothing is cut for it.",
      },
      {
        op: 4,
        text:
          "When both are free again they merge, the result merges with its buddy, and so on, up to the whole arena.",
      },
    ],
    question: "How often was a block cut in two for the first request?",
    answer: 4,
    why: "64, 32, 16 and 8 KiB were cut; each cut is undone by a merge.",
  },
  {
    id: "remainder",
    title: "The last remainder",
    source: {
      kind: "text",
      text: "a 0 2000\na 1 24\nf 0\na 2 200\na 3 200\na 4 200\n",
    },
    allocators: ["glibc"],
    steps: [
      {
        op: 3,
        text:
          "A block of 2,000 bytes is freed. It is too long for the tcache, so it waits in the unsorted list.",
      },
      {
        op: 4,
        text:
          "malloc(200) cuts the front of it off. What is left is the last remainder.",
      },
      {
        op: 6,
        text:
          "The next small requests are cut from the last remainder as well: blocks asked for one after the other lie side by side.",
      },
    ],
    question: "How many bytes lie from one block of 200 bytes to the next?",
    answer: 208,
    why: "200 bytes and a header of 8, rounded up to a multiple of 16.",
  },
  {
    id: "top",
    title: "brk and top",
    source: {
      kind: "text",
      text: "a 0 24\n" + lines(40, (i) => `a ${i + 1} 4000`) +
        lines(40, (i) => `f ${40 - i}`),
    },
    allocators: ["glibc"],
    steps: [
      {
        op: 1,
        text:
          "The first malloc(24) moves the break by 132 KiB: what was asked for, 128 KiB more, in whole pages. All the rest is the top.",
      },
      {
        op: 41,
        text:
          "Blocks are cut from the top. When it is used up, the break moves again.",
      },
      {
        op: 81,
        text:
          "Freed from the highest on, they become part of the top again. When it is 128 KiB or longer, memory goes back to the system.",
      },
    ],
    question: "How many bytes did the first malloc get from the system?",
    answer: 135168,
    why: "33 pages: 24 bytes and 128 KiB of padding, rounded up.",
  },
  {
    id: "mmap",
    title: "The mmap threshold",
    source: {
      kind: "text",
      text: "a 0 100000\na 1 200000\nf 1\na 2 200000\na 3 300000\n",
    },
    allocators: ["glibc"],
    steps: [
      {
        op: 2,
        text:
          "100,000 bytes come from the break. 200,000 are above the threshold of 128 KiB: they get a mapping of their own, far away (the map leaves the gap out).",
      },
      {
        op: 3,
        text:
          "Freed, the mapping is gone at once. And the threshold has moved: it is now as long as that mapping was.",
      },
      {
        op: 5,
        text:
          "So the next 200,000 bytes come from the break. 300,000 are a mapping.",
      },
    ],
    question:
      "How many bytes did the mapping of the second request have, in whole pages?",
    answer: 200704,
    why: "200,000 bytes and a header of 16, rounded up to 49 pages.",
  },
  {
    id: "bins",
    title: "Bins",
    source: {
      kind: "text",
      text: lines(20, (i) => `a ${i} 40`) + "a 20 1500\na 21 24\n" +
        lines(10, (i) => `f ${2 * i}`) + "f 20\na 22 600\n",
    },
    allocators: ["glibc"],
    steps: [
      {
        op: 29,
        text:
          "Freed blocks of 40 bytes go to the tcache of the thread, in a list for their size. It is full with seven.",
      },
      {
        op: 32,
        text: "The next three go to a fast bin: they do not merge either.",
      },
      {
        op: 34,
        text:
          "A long block goes to the unsorted list when it is freed; a request that passes by cuts it or files it in a small or large bin. See the lists beside the map.",
      },
    ],
    question: "How many blocks of one size does the tcache hold?",
    answer: 7,
    why: "tcache_count is 7 in this version (glibc 2.36); since 2.43 it is 16.",
  },
  {
    id: "slab",
    title: "Slab",
    source: {
      kind: "text",
      text: lines(40, (i) => `a ${i} 100`) + lines(36, (i) => `f ${i}`),
    },
    allocators: ["kmalloc"],
    steps: [
      {
        op: 1,
        text:
          "kmalloc(100) is served by a cache of equal objects: kmalloc-128. It gets a whole page, the slab, and cuts it into objects.",
      },
      {
        op: 40,
        text:
          "40 objects fill one slab and begin the next. Within a slab nothing is searched and nothing merges.",
      },
      {
        op: 76,
        text:
          "Four objects are left. A slab with one live object cannot go back to the page allocator.",
      },
    ],
    question: "How many objects of this cache fit into a slab of one page?",
    answer: 32,
    why: "4,096 / 128 = 32; each wastes 28 bytes here.",
  },
  {
    id: "order9",
    title: "Order 9 on an aged machine",
    source: {
      kind: "text",
      text: lines(2048, (i) => `a ${i} 4096`) +
        lines(2048, (i) => i % 512 === 100 ? "p one_page_stays" : `f ${i}`) +
        "a 5000 2097152\n",
    },
    allocators: ["buddy:pages=2048"],
    steps: [
      {
        op: 2048,
        text: "8 MiB of memory, handed out page by page: all is used.",
      },
      {
        op: 2048 + 2044,
        text:
          "All but four pages are free again: 99.8 %. But each block of 2 MiB (order 9) has one page in use.",
      },
      {
        op: 2048 + 2044 + 1,
        text:
          "A request for 2 MiB, a huge page, fails. That is external fragmentation: the bytes are there, the block is not.",
      },
    ],
    question: "How many of the four blocks of 2 MiB are free in the end?",
    answer: 0,
    why: "One page that stays in each of them is enough.",
  },
];
