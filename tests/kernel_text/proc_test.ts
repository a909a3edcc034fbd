/**
 * The texts of /proc: what a live kernel said, and what must be refused.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { explainProc } from "../../experiments/kernel_text/explain_proc.ts";
import {
  parseBuddyinfo,
  parsePagetypeinfo,
} from "../../experiments/kernel_text/proc.ts";
import buddyinfo from "../oracle/linux/buddyinfo_consistent.txt" with {
  type: "text",
};
import { gunzipped } from "../oracle/linux/fixtures.ts";
import pagetypeinfo from "../oracle/linux/pagetypeinfo_after.txt" with {
  type: "text",
};
import slabinfo from "../oracle/linux/slabinfo.txt.gz" with { type: "bytes" };

Deno.test("buddyinfo: three zones of eleven orders", () => {
  const zones = parseBuddyinfo("buddyinfo", buddyinfo);
  assertEquals(zones.map(({ zone }) => zone), ["DMA", "DMA32", "Normal"]);
  assertEquals(zones[2]!.blocks.slice(0, 3), [404, 42, 1]);
});

Deno.test("pagetypeinfo: free lists and pageblocks by type", () => {
  const { free, pageblocks, pagesPerBlock } = parsePagetypeinfo(
    "pagetypeinfo",
    pagetypeinfo,
  );
  assertEquals(pagesPerBlock, 512);
  assertEquals(free.length, 15);
  assertEquals(pageblocks[2]!.types.Movable, 2261);
  const capped = pagetypeinfo.replace("65935", ">100000");
  assertEquals(
    parsePagetypeinfo("p", capped).free[11]!.blocks[0],
    100_000,
  );
});

Deno.test("explain: the indexes of a zone, in words", () => {
  const words = explainProc("buddyinfo", buddyinfo);
  assert(words.includes("Node 0, zone Normal: 361900 pages free"));
  assert(/^9 +139 +0\.650 +65 +-1\.000 +34\.9 % +served, but/m.test(words));
  const short = explainProc("b", "Node 0, zone Normal 1000 0 0 0 0\n");
  assert(/^4 +0 +1\.000 +100 +0\.937 .*fragmented/m.test(short));
  const low = explainProc("b", "Node 0, zone Normal 0 0 0 1 0\n");
  assert(/^4 .*memory is short/m.test(low));
  assert(explainProc("p", pagetypeinfo).includes("Movable 2261 (93.0 %)"));
});

Deno.test("explain: predicted and seen slabs of every cache", async () => {
  const words = explainProc("slabinfo", await gunzipped(slabinfo));
  assert(words.includes("235 of 235 caches are as SLUB lays them out on 2..3"));
  assert(!words.includes("differs"));
  assert(/^filp +192 +21 +21 +1 +1 +1\.6 %/m.test(words));
});

Deno.test("a text that breaks off or is foreign gets one line", async () => {
  const texts = [buddyinfo, pagetypeinfo, await gunzipped(slabinfo)];
  for (const text of texts) {
    for (let cut = 0; cut < text.length; cut += 37) {
      if (text[cut - 1] === "\n") continue; // a shorter text, not a broken one
      const { message } = assertThrows(
        () => explainProc("f", text.slice(0, cut)),
        SyntaxError,
      );
      assert(/^f:\d+: Expected [^\n]+$/.test(message), message);
    }
  }
  const refused = (text: string, message: string) =>
    assertThrows(() => explainProc("f", text), SyntaxError, message);
  refused("total used free\n", "f:1: Expected the text of /proc/buddyinfo");
  refused(buddyinfo + "Node 0, zone X 1 2\n", "f:4: Expected 11 numbers");
  refused(buddyinfo.replace("404", "x"), "f:3: Expected `Node N, zone NAME`");
  refused("slabinfo - version: 2.1\n# name <other>\n", "f:2: Expected `# name");
});
