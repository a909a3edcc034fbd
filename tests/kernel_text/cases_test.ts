/**
 * Texts that people really paste, and the right answer for each.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { TEXTS } from "./fixtures.ts";
import { explained } from "./read.ts";

/** Fails unless `text` is explained with all of `answers`. */
function says(text: string, ...answers: (string | RegExp)[]): void {
  const lines = explained(text);
  for (const answer of answers) {
    if (typeof answer !== "string") assertMatch(lines, answer);
    else assert(lines.includes(answer), `${answer}\n\n${lines}`);
  }
}

Deno.test("pagetypeinfo of two nodes: both, each once", () => {
  says(
    TEXTS.pagetypeinfoNuma,
    "Node 0, zone DMA: 4352 pages free",
    "Node 0, zone Normal: 7120 pages free",
    "Node 1, zone Normal: 2049047 pages free",
    "free Movable: 2049023 pages",
    "free Unmovable: 24 pages",
    "16200 pageblocks of 512 pages: Unmovable 200 (1.2 %)",
  );
  assertEquals(explained(TEXTS.pagetypeinfoNuma).match(/^Node /gm)?.length, 3);
});

Deno.test("pagetypeinfo: CMA is for movable requests, HighAtomic for its own", () => {
  says(
    TEXTS.pagetypeinfoCmaOnly,
    /Unmovable requests: orders 0\.\.3 are served now; orders 4\.\.10 are not: 4\.\.8 after compaction at best and 9\.\.10 not even/,
    "Movable requests: orders 0..10 are served now (4..10 from CMA areas only)",
    "Atomic requests of order 1 and more may take HighAtomic blocks as well: orders 1..4 are served now",
    "434 of 16099 free pages are neither HighAtomic nor CMA",
    /^4 2 0\.028 2 -1\.000 97\.2 % 64 KiB compaction from CMA compaction$/m,
    "its -1.000 at orders 4..10 holds for those who may take them",
  );
});

Deno.test("pagetypeinfo: CMA only is said where nothing else serves", () => {
  const row = (type: string, counts: string) =>
    `Node    0, zone   Normal, type ${type} ${counts}\n`;
  says(
    row("Unmovable", ">10000 5 1 0 1 0 0 0 0 0 0") +
      row("Movable", "1 0 1 0 0 0 0 0 0 0 0") +
      row("HighAtomic", "0 0 0 0 0 0 1 0 0 0 0") +
      row("CMA", "0 0 0 0 0 0 0 0 0 0 1") +
      row("Isolate", "0 0 0 0 0 0 0 0 0 0 2"),
    /^2 .* now now$/m, // unmovable, movable
    /^3 .* now CMA or fallback$/m,
    /^4 .* now CMA or fallback$/m,
    /^5 .* compaction from CMA$/m,
    "Movable requests: orders 0..10 are served now (5..10 from CMA areas only)",
    "HighAtomic blocks as well: orders 1..6 are served now",
    "10035 of at least 13171 free pages are neither HighAtomic, CMA nor Isolate",
  );
});

Deno.test("pagetypeinfo of 2.6.24: <NULL> is a type as any other", () => {
  says(
    TEXTS.pagetypeinfoNull,
    "Node 0, zone DMA: 2633 pages free",
    "free Reserve: 1024 pages, 38.9 % of the free ones, in blocks up to order 10, for any request",
    /^10 1 .* fallback fallback fallback$/m,
  );
});

Deno.test("pagetypeinfo: >100000 is a lower bound, mixed pageblocks are told", () => {
  says(
    TEXTS.pagetypeinfoCapped,
    "Node 0, zone Normal: at least 107020 pages free",
    /^0 >=105000 /m,
    "free Unmovable: at least 100140 pages",
    "another type (page_owner): Unmovable 40, Movable 150",
  );
  const twice = `${TEXTS.pagetypeinfoCapped}\n${TEXTS.pagetypeinfoCapped}`;
  says(
    twice,
    "at least 107020 pages free at first, at least 107020 at last\n",
    ">=107020 >=418.0 MiB",
  );
});

Deno.test("pagetypeinfo without movable pageblocks: nothing to compact", () => {
  const text = TEXTS.pagetypeinfoNuma.replace("400        15000", "400 0");
  says(
    text,
    "orders 3..10 are not: fragmented, with no movable pageblock to compact",
    /^3 0 .* stuck stuck$/m,
  );
});

Deno.test("pagetypeinfo, and buddyinfo right below it", () => {
  says(
    TEXTS.pagetypeinfoNull + TEXTS.buddyinfoNoFinalNewline,
    "== pagetypeinfo ==",
    "== buddyinfo ==",
    "DMA: 3970 pages free",
  );
});

Deno.test("pagetypeinfo over time: a series, of all nodes", () => {
  const later = TEXTS.pagetypeinfoNuma.replace("5000    900", "   0      0");
  says(
    `10:00\n${TEXTS.pagetypeinfoNuma}10:05\n${later}`,
    "2 samples: a series",
    "Node 0, zone Normal: 7120 pages free at first, 320 at last",
    "Node 1, zone Normal: 2049047 pages free at first, 2049047 at last",
    /^10:05 320 /m,
  );
});

Deno.test("what web pages, terminals and networks put around a text", () => {
  const text = TEXTS.pagetypeinfoNull.replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
  says(text, "DMA: 2633 pages free");
  says(
    TEXTS.buddyinfoPrompt.replace("Node", "\x1b[1;32mNode\x1b[0m"),
    "DMA: 3970 pages free",
  );
  says(
    TEXTS.dmesgOrder3.replaceAll("kernel: ", "4,1234,5678901,-;"),
    "= 1 page is left above order 2",
  );
});

Deno.test("what grep -H and ts put before a row", () => {
  const head = "/proc/buddyinfo:";
  says(
    TEXTS.buddyinfoNoFinalNewline.replace(/^/, head),
    "DMA: 3970 pages free",
  );
  says(
    TEXTS.slabinfoNoheader.replaceAll(/^(?=.)/gm, "/proc/slabinfo:3:"),
    /^dentry 192 /m,
  );
  says(TEXTS.meminfo.replaceAll(/^(?=.)/gm, "/proc/meminfo:"), "15625.0 MiB");
  const stamped = TEXTS.buddyinfoDated.replaceAll(/^Mon.*\n/gm, "")
    .replaceAll(/^N/gm, "2023-05-15T10:00:00+00:00 N");
  says(stamped, "2 samples: a series", /^2023-05-15T10:00:00\+00:00 6542 /m);
});

Deno.test("buddyinfo of 64 KiB pages: 4 KiB are assumed aloud, or told", () => {
  says(TEXTS.buddyinfo64k, "Pages of 4 KiB are assumed", "(116.9 MiB)");
  const told = explained(TEXTS.buddyinfo64k, { pageBytes: 65536 });
  assert(told.includes("zone DMA: 29923 pages free (1870.2 MiB)"), told);
  assert(told.includes("zone Normal: 193537 pages free (12096.1 MiB)"), told);
  assert(!told.includes("assumed"), told);
});

Deno.test("buddyinfo as pasted: a prompt, no last line feed, quoted and wrapped", () => {
  for (
    const text of [
      TEXTS.buddyinfoPrompt,
      TEXTS.buddyinfoNoFinalNewline,
      TEXTS.buddyinfoWrapped,
      "  " + TEXTS.buddyinfoPrompt.replaceAll("\n", "\r\n  "),
    ]
  ) {
    says(text, "Node 0, zone DMA: 3970 pages free (15.5 MiB)");
    assert(!explained(text).includes("read over"));
  }
  says(TEXTS.buddyinfoWrapped, "Node 0, zone Normal: 6542 pages free");
});

Deno.test("buddyinfo over time: a series, with dates or without", () => {
  says(
    TEXTS.buddyinfoDated,
    "2 samples: a series",
    "Node 0, zone Normal: 6542 pages free at first, 4424 at last (-32.4 %); no longer served: orders 5..7",
    /^Mon May 15 10:00:00 UTC 2023 6542 25\.6 MiB( -){8} 0\.990 0\.995 0\.997$/m,
    /^Mon May 15 10:01:00 UTC 2023 4424 17\.3 MiB( -){5} 0\.935 .* 0\.992 /m,
  );
  const plain = TEXTS.buddyinfoDated.replaceAll(/^Mon.*$/gm, "");
  says(plain, "2 samples: a series", /^2 4424 17\.3 MiB/m);
  says(plain.replaceAll(/\n+/g, "\n"), "2 samples: a series");
});

Deno.test("slabinfo of classical SLAB: no SLUB, no CPUs", () => {
  says(
    TEXTS.slabinfoClassicSlab,
    "This is the classical SLAB allocator, not SLUB",
    "11 of 11 caches have as many objects on a slab",
    "in kernels up to 3.12 (64 bits): (slab - 48) / (size + 4)",
    /^dentry 192 20 1 on the slab /m,
    /^names_cache 4096 1 1 off the slab /m,
  );
  const lines = explained(TEXTS.slabinfoClassicSlab);
  assert(!/predicted|\d CPU|differs|NaN/.test(lines), lines);
});

Deno.test("other generations of SLAB; what explains a text alike is all named", () => {
  says(TEXTS.slabinfoSlab49, "5 of 5 caches", "in kernels from 3.13 on");
  says(
    TEXTS.slabinfoSlab32Bits,
    "4 of 4 caches",
    "in kernels up to 3.12 (32 bits)",
  );
  const off = TEXTS.slabinfoClassicSlab.replaceAll(
    /^(?!names|slabinfo|#).*\n/gm,
    "",
  );
  says(off, "up to 3.12 (64 bits)", "up to 3.12 (32 bits)", "from 3.13 on");
});

Deno.test("slabinfo without heading, twice, wrapped, and what fits alike", () => {
  says(TEXTS.slabinfoNoheader, "4 of 4 caches", "46.5 MiB held");
  says(
    TEXTS.slabinfoTie,
    "9 of 9 caches are as SLUB lays them out on 8..15 CPUs. The rules up to 6.6 and those from 6.8 on fit equally well",
  );
  says(TEXTS.slabinfoTwice, "2 of 2 caches", "3 of 3 caches", "34.8 MiB held");
  says(TEXTS.slabinfoWrapped, "2 of 2 caches", "11.8 MiB held");
});

Deno.test("slabinfo that other settings made: said, and no CPUs named", () => {
  const one = TEXTS.slabinfoTie.replace("32    8 :", " 4    1 :")
    .replace("11402  17984", "100 200");
  says(one, "8 of 9 caches", "The others differ: slub_min_order", /differs$/m);
  const none = TEXTS.slabinfoNoheader.replace(/^(?!dentry).*\n/gm, "")
    .replace("21    1", "170    8");
  says(none, "No cache is laid out as SLUB would by itself");
  assert(!/\d CPU/.test(explained(none)));
});

Deno.test("slabinfo shows the size of pages, also to the texts beside it", () => {
  says(
    TEXTS.slabinfo64k,
    "Pages have 64 KiB.",
    "3 of 3 caches are as SLUB lays them out on 8..127 CPUs",
    "zone Normal: 193537 pages free (12096.1 MiB)",
  );
  const other = explained(TEXTS.slabinfo64k, { pageBytes: 4096 });
  assert(other.includes("show pages of 64 KiB; --page-size 4 KiB is not used"));
});

Deno.test("slabinfo with debugging: names and sizes contradict", () => {
  says(
    TEXTS.slabinfoDebug,
    "2 caches have longer objects than the name says (dma-kmalloc-1k: 3072 bytes for 1024)",
    "slub_debug",
  );
});

Deno.test("slabinfo over time: what grows", () => {
  says(
    TEXTS.slabinfoOverTime,
    "2 samples: a series",
    "Caches that changed most from 10:00:00 to 10:05:00",
    /^dentry 47807 95614 9\.4 MiB 18\.8 MiB \+9\.4 MiB$/m,
  );
});

Deno.test("slabtop: what its caches hold", () => {
  says(
    TEXTS.slabtop,
    /^dentry 195 21 112825 440\.7 MiB /m,
    /^kmalloc-rcl-96 .* 94\.5 MiB /m,
    /^kmalloc-rnd-14-192 .* 21\.1 MiB /m,
    "Objects of all caches: 658.6 MiB, 99.5 % in use",
  );
});

Deno.test("a bundle: every text, with the page size that one of them shows", () => {
  says(
    TEXTS.bundle,
    "== buddyinfo ==",
    "== slabinfo ==",
    "== meminfo ==",
    "MemTotal is missing",
  );
  assert(!/assumed|read over/.test(explained(TEXTS.bundle)));
});
