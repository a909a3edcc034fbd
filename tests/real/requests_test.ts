/**
 * Traces as every allocator can replay them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { plainText, writeRequests } from "../../experiments/real/requests.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";

const LINES = "a 0 100\nT 1\na 1 200 s1\nf -1\nt 0\no -1 5\nk 4096\nr 0 50\n" +
  "w 0 1 2\np phase\nc 2 7\nm 3 64 10\nE 1\nf 1\n";
const trace = () =>
  readRep("t", () => [new TextEncoder().encode("S 1 main\n" + LINES)]);

Deno.test("commands, threads, touches and marks are left out, and counted", async () => {
  let text = "";
  const found = await writeRequests(trace(), (piece) => text += piece);
  assertEquals(
    text,
    "0\n0\n0\n1\na 0 100\na 1 200\nf -1\nr 0 50\nc 2 7\nm 3 64 10\nf 1\n",
  );
  assertEquals(found, {
    operations: 7,
    commands: 3,
    threads: 2,
  });
});

Deno.test("threads are those that request something, whatever their numbers", async () => {
  const threadsOf = async (text: string) => {
    const file = new TextEncoder().encode(text);
    return (await writeRequests(readRep("t", () => [file]), () => {})).threads;
  };
  assertEquals(await threadsOf("a 0 1\n"), 1);
  assertEquals(await threadsOf("T 9\na 0 1\nT 9\nf 0\n"), 1);
  assertEquals(await threadsOf("a 0 1\nT 7\nf 0\nT 8\nT 0\na 1 1\n"), 2);
});

Deno.test("where glibc replays them they stay", async () => {
  assertEquals(
    await plainText(trace()),
    "0\n0\n0\n1\na 0 100\nT 1\na 1 200\nf -1\nt 0\no -1 5\nk 4096\nr 0 50\n" +
      "c 2 7\nm 3 64 10\nE 1\nf 1\n",
  );
});

Deno.test("sizes that no double holds are written whole", async () => {
  const file = new TextEncoder().encode("a 0 9223372036854775808\n");
  const text = await plainText(readRep("t", () => [file]));
  assertEquals(text, "0\n0\n0\n1\na 0 9223372036854775808\n");
});
