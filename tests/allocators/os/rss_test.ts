/**
 * Resident memory and page faults of recorded programs over the simulated
 * glibc, against the real process: growth since the first operation, with every
 * payload byte written and with none.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseSpec } from "../../../allocators/entry.ts";
import { glibc } from "../../../allocators/glibc/entry.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { readRep } from "../../../experiments/traces/rep_reader.ts";
import {
  replay,
  Session,
  type TouchPolicy,
} from "../../../experiments/replay/replay.ts";
import bash from "../../../data/traces/bash.rep.gz" with { type: "bytes" };
import cc1 from "../../../data/traces/cc1.rep.gz" with { type: "bytes" };
import perl from "../../../data/traces/perl.rep.gz" with { type: "bytes" };
import python from "../../../data/traces/python.rep.gz" with { type: "bytes" };
import trimming from "../../oracle/fixtures/trimming.rep.gz" with {
  type: "bytes",
};
import sqlite from "../../../data/traces/sqlite.rep.gz" with { type: "bytes" };
import rssBash from "../../oracle/fixtures/rss_bash.gz" with { type: "bytes" };
import rssCc1 from "../../oracle/fixtures/rss_cc1.gz" with { type: "bytes" };
import rssPerl from "../../oracle/fixtures/rss_perl.gz" with { type: "bytes" };
import rssPython from "../../oracle/fixtures/rss_python.gz" with {
  type: "bytes",
};
import rssTrimming from "../../oracle/fixtures/rss_trimming.gz" with {
  type: "bytes",
};
import rssSqlite from "../../oracle/fixtures/rss_sqlite.gz" with {
  type: "bytes",
};

type Packed = Uint8Array<ArrayBuffer>;

const PROGRAMS: readonly { name: string; trace: Packed; rss: Packed }[] = [
  { name: "bash", trace: bash, rss: rssBash },
  { name: "cc1", trace: cc1, rss: rssCc1 },
  { name: "perl", trace: perl, rss: rssPerl },
  { name: "python", trace: python, rss: rssPython },
  { name: "sqlite", trace: sqlite, rss: rssSqlite },
  { name: "trimming", trace: trimming, rss: rssTrimming },
];

/** The columns of each sample of a recording, after the first. */
async function recorded(packed: Packed): Promise<number[][]> {
  const text = new Blob([packed]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const lines = (await new Response(text).text()).trim().split("\n");
  return lines.slice(1).map((line) => line.split(" ").map(Number));
}

/** [operation, pages, faults] of each sample of a simulation. */
async function simulated(name: string, packed: Packed, touch: TouchPolicy) {
  const os = new AddressSpace();
  const { entry, values } = parseSpec("glibc", [glibc]);
  const heap = entry.create(values, { source: os, draw: () => 0 });
  const samples: number[][] = [];
  const trace = readRep(
    name,
    () => Promise.resolve(new Blob([packed]).stream()),
  );
  await replay(trace, new Session(heap, os, { touch }), {
    every: 1000,
    sink: ({ op }) =>
      samples.push([op as number, os.residentBytes / PAGE, os.pageFaults]),
  });
  return samples;
}

for (const { name, trace, rss } of PROGRAMS) {
  Deno.test(`${name}: resident pages and faults are the real ones`, async (t) => {
    const real = await recorded(rss);
    await t.step("every payload byte written", async () => {
      const samples = await simulated(name, trace, "all");
      assertEquals(
        samples,
        real.map(([op, pages, faults]) => [op, pages, faults]),
      );
    });
    await t.step("no payload byte written", async () => {
      const samples = await simulated(name, trace, "none");
      assertEquals(
        samples,
        real.map(([op, , , pages, faults]) => [op, pages, faults]),
      );
    });
  });
}
