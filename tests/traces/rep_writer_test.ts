import { assertEquals, assertRejects } from "@std/assert";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import { writeRep } from "../../experiments/traces/rep_writer.ts";
import {
  Op,
  type Trace,
  TraceBuilder,
} from "../../experiments/traces/trace.ts";
import { bytes, rows } from "./files.ts";

async function written(trace: Trace): Promise<string> {
  let text = "";
  for await (const part of writeRep(trace)) text += part;
  return text;
}

/** Every operation, `rounds` times, over several blocks. */
function varied(rounds: number): Trace {
  const trace = new TraceBuilder();
  for (let i = 1; i <= rounds; i++) {
    trace.client(`client ${i % 3}`);
    const a = trace.malloc(i);
    const b = trace.calloc(2 ** 52 + 2 * i);
    const c = trace.memalign(2 ** (i % 60), 2 ** 53 - 1);
    trace.append(Op.WRITE, b, 10, i);
    trace.free(a);
    trace.realloc(b, 0);
    trace.append(Op.FREE, -1, 0, 0);
    trace.append(Op.TRIM, -1, i, 0);
    trace.append(Op.MALLOPT, -1, -1, -i);
    trace.append(Op.SBRK, -1, -i, 0);
    trace.realloc(b, 700);
    trace.append(Op.READ, b, 700, 0);
    trace.realloc(c, 1);
    if (i % 2 > 0) trace.free(b);
    if (i % 3 > 0) trace.free(c);
    trace.phase(`phase ${i % 5}`);
  }
  return trace.build("varied");
}

Deno.test("a trace is written line by line", async () => {
  assertEquals(
    await written(varied(1)),
    "0\n3\n17\n1\n@client 1\na 0 1\nc 1 4503599627370498\n" +
      "m 2 2 9007199254740991\nw 1 1 10\nf 0\nr 1 0\nf -1\nt 1\no -1 -1\n" +
      "k -1\nr 1 700\ng 1 0 700\nr 2 1\nf 1\nf 2\np phase 1\n",
  );
  assertEquals(await written(new TraceBuilder().build("")), "0\n0\n0\n1\n");
});

Deno.test("what is written is read as it was", async () => {
  const trace = varied(2000);
  const text = await written(trace);
  const read = readRep("varied", () => [bytes(text)]);
  const withoutLine = (all: number[][]) => all.map((row) => row.slice(0, 4));
  const after = await rows(read);
  assertEquals(withoutLine(after), withoutLine(await rows(trace)));
  assertEquals(after.length > 3 * 8192, true);
  assertEquals(read.names, trace.names);
  assertEquals(await written(read), text);
});

Deno.test("a name that no line can hold is refused", async () => {
  for (const name of ["", " x", "x\nf 1", "x".repeat(257), "\ufffd"]) {
    const trace = new TraceBuilder();
    trace.phase(name);
    await assertRejects(
      () => written(trace.build("")),
      RangeError,
      `Cannot write the name ${JSON.stringify(name)}`,
    );
  }
});
