import { assertEquals, assertRejects } from "@std/assert";
import { decompress } from "../../experiments/traces/decompress.ts";
import { bytes, collected, gzip, joined, pieces, zstd } from "./files.ts";

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
    () => collected(decompress("t.gz", pieces(file, length), maxBytes)),
    SyntaxError,
    message,
  );
}

Deno.test("plain text passes as it is", async () => {
  for (const file of [TEXT, bytes("x"), bytes("")]) {
    assertEquals(await collected(decompress("t", pieces(file, 4096))), file);
  }
});

Deno.test("members are joined, wherever the file is cut into pieces", async () => {
  const first = TEXT.subarray(0, 1000);
  const empty = await gzip(bytes(""));
  const members = joined(await gzip(first), empty, GZIPPED, empty);
  const boundary = (await gzip(first)).length;
  for (const length of [1, 17, boundary, 65536, 1e6]) {
    assertEquals(
      await collected(decompress("t.gz", pieces(members, length))),
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
      for await (
        const chunk of decompress("t.gz", pieces(bomb, 4096), maxBytes)
      ) {
        read += chunk.length;
      }
    },
    SyntaxError,
    "t.gz: Longer than 1048576 bytes, decompressed",
  );
  assertEquals(read, 2 ** 20);
  const { length } = TEXT;
  await refused(GZIPPED, "t.gz: Longer than", { maxBytes: length - 1 });
  await collected(decompress("t.gz", pieces(GZIPPED, 1000), length));
});

const ZSTD = zstd(TEXT);
const SKIPPED = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);

Deno.test("frames of Zstandard are joined, wherever the file is cut", async () => {
  const tiny = zstd(bytes("x"));
  const empty = zstd(bytes(""));
  const frames = joined(SKIPPED, tiny, empty, ZSTD, SKIPPED, empty, ZSTD);
  for (const length of [1, 17, 65536, 1e6]) {
    assertEquals(
      await collected(decompress("t", pieces(frames, length))),
      joined(bytes("x"), TEXT, TEXT),
    );
  }
  const zeros = new Uint8Array(2 ** 20); // blocks that repeat a byte
  const same = await collected(decompress("t", pieces(zstd(zeros), 9)));
  assertEquals(same, zeros);
});

Deno.test("a cut, longer or damaged file of Zstandard is refused", async () => {
  for (let length = 4; length < ZSTD.length; length += 100) {
    await refused(ZSTD.subarray(0, length), "t.gz: Cannot decompress: cut");
  }
  await refused(joined(ZSTD, ZSTD.subarray(0, 5)), "cut off");
  for (const tail of [bytes("junk!"), new Uint8Array(512)]) {
    for (const length of [1, ZSTD.length, 1e6]) {
      await refused(joined(ZSTD, tail), "no frame of Zstandard", { length });
    }
  }
  const whole = (await collected(decompress("t", [ZSTD]))).length;
  let refusals = 0;
  for (let at = 4; at < ZSTD.length; at += 13) {
    const damaged = ZSTD.slice();
    damaged[at]! ^= 0x55;
    try {
      await collected(decompress("t", pieces(damaged, 100), whole));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      refusals++;
    }
  }
  assertEquals(refusals > ZSTD.length / 13 / 8, true);
});

Deno.test("a header cannot ask for gigabytes, nor blocks keep us busy", async () => {
  const magic = [0x28, 0xb5, 0x2f, 0xfd];
  const wide = Uint8Array.of(...magic, 0, 0xff, 0, 0, 0);
  await refused(wide, "a window of more than 134217728 bytes");
  await refused(Uint8Array.of(...magic, 3, 0x58, 1, 0, 0, 0), "a dictionary");
  await refused(Uint8Array.of(...magic, 0, 0x58, 0xfe, 0xff, 0xff), "too long");
  // blocks of one byte, each of which moves a window of 128 MiB
  const header = Uint8Array.of(...magic, 0, 17 << 3);
  const blocks = new Uint8Array(4 * 10_000).map((_, i) => i % 4 === 0 ? 8 : 0);
  await refused(joined(header, blocks), "too short for its window");
});

Deno.test("a bomb of Zstandard is refused", async () => {
  const bomb = zstd(new Uint8Array(2 ** 24));
  await refused(bomb, "Longer than 1048576 bytes", { maxBytes: 2 ** 20 });
});
