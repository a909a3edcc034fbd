import { assertEquals, assertRejects } from "@std/assert";
import { gunzip } from "../../experiments/traces/gunzip.ts";
import { bytes, collected, gzip, joined, pieces } from "./files.ts";

const TEXT = bytes(
  Array.from({ length: 3000 }, (_, i) => `a ${i} ${i * i}\n`).join(""),
);
const GZIPPED = await gzip(TEXT);

/** Reads `file` in pieces of `length` bytes; fails with `message`. */
async function refused(
  file: Uint8Array,
  message: string,
  { length = 1000, maxBytes }: { length?: number; maxBytes?: number } = {},
): Promise<void> {
  await assertRejects(
    () => collected(gunzip("t.gz", pieces(file, length), maxBytes)),
    SyntaxError,
    message,
  );
}

Deno.test("plain text passes as it is", async () => {
  for (const file of [TEXT, bytes("x"), bytes("")]) {
    assertEquals(await collected(gunzip("t", pieces(file, 4096))), file);
  }
});

Deno.test("members are joined, wherever the file is cut into pieces", async () => {
  const first = TEXT.subarray(0, 1000);
  const empty = await gzip(bytes(""));
  const members = joined(await gzip(first), empty, GZIPPED, empty);
  const boundary = (await gzip(first)).length;
  for (const length of [1, 17, boundary, 65536, 1e6]) {
    assertEquals(
      await collected(gunzip("t.gz", pieces(members, length))),
      joined(first, TEXT),
    );
  }
});

Deno.test("a file that is cut off is refused, wherever it is", async () => {
  for (let length = 1; length < GZIPPED.length; length += 100) {
    await refused(GZIPPED.subarray(0, length), "t.gz: Cannot decompress: cut");
  }
  for (const missing of [1, 4, 8, 9]) { // in the checksums at the end
    await refused(GZIPPED.subarray(0, -missing), "cut off");
  }
  await refused(joined(GZIPPED, GZIPPED.subarray(0, 5)), "cut off");
});

Deno.test("nothing but members may follow", async () => {
  for (const tail of [bytes("junk"), new Uint8Array(512), bytes("\n")]) {
    const file = joined(GZIPPED, tail);
    for (const length of [1, GZIPPED.length, 1e6]) {
      await refused(file, "t.gz: Cannot decompress: ", { length });
    }
  }
});

Deno.test("a damaged file is refused", async () => {
  const { length } = GZIPPED;
  for (const at of [1, 2, 3, 500, length >> 1, length - 8, length - 1]) {
    const damaged = GZIPPED.slice();
    damaged[at]! ^= 0x55;
    await refused(damaged, "t.gz: Cannot decompress: ");
  }
});

Deno.test("a bomb is refused before it goes off", async () => {
  const zeros = await gzip(new Uint8Array(2 ** 24));
  let read = 0;
  await assertRejects(
    async () => {
      const maxBytes = 2 ** 20;
      const bomb = joined(zeros, zeros);
      for await (const chunk of gunzip("t.gz", pieces(bomb, 4096), maxBytes)) {
        read += chunk.length;
      }
    },
    SyntaxError,
    "t.gz: Longer than 1048576 bytes, decompressed",
  );
  assertEquals(read, 2 ** 20);
  const { length } = TEXT;
  await refused(GZIPPED, "t.gz: Longer than", { maxBytes: length - 1 });
  await collected(gunzip("t.gz", pieces(GZIPPED, 1000), length));
});
