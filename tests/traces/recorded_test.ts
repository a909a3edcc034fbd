import { assertEquals } from "@std/assert";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import { Op } from "../../experiments/traces/trace.ts";
import bash from "../../data/traces/bash.rep.gz" with { type: "bytes" };
import cc1 from "../../data/traces/cc1.rep.gz" with { type: "bytes" };
import perl from "../../data/traces/perl.rep.gz" with { type: "bytes" };
import python from "../../data/traces/python.rep.gz" with { type: "bytes" };
import sqlite from "../../data/traces/sqlite.rep.gz" with { type: "bytes" };
import readme from "../../data/README.md" with { type: "text" };
import { pieces } from "./files.ts";

const FILES = { bash, cc1, perl, python, sqlite };

/** The figures of one program as data/README.md gives them. */
function published(program: string): number[] {
  const row = readme.split("\n").find((line) =>
    line.startsWith(`| \`${program}.rep.gz\``)
  )!;
  return row.split("|").slice(3, -1)
    .map((cell) => Number(cell.replaceAll(",", "")));
}

for (const [program, file] of Object.entries(FILES)) {
  Deno.test(`the recording of ${program} is as published`, async () => {
    const count = new Array<number>(12).fill(0);
    const size: number[] = [];
    let [live, mostLive, bytes, mostBytes] = [0, 0, 0, 0];
    const trace = readRep(program, () => pieces(file, 65536));
    for await (const block of trace.blocks()) {
      for (let i = 0; i < block.length; i++) {
        const [op, slot] = [block.op[i]!, block.slot[i]!];
        count[op]!++;
        if (op !== Op.REALLOC) live += op === Op.FREE ? -1 : 1;
        bytes -= size[slot] ?? 0;
        size[slot] = op === Op.FREE ? 0 : block.size[i]!;
        bytes += size[slot]!;
        mostLive = Math.max(mostLive, live);
        mostBytes = Math.max(mostBytes, bytes);
      }
    }
    const operations = count.reduce((sum, n) => sum + n);
    const kinds = [Op.MALLOC, Op.CALLOC, Op.REALLOC, Op.FREE]
      .map((op) => count[op]!);
    assertEquals(
      [...kinds, operations, mostLive, mostBytes],
      published(program),
    );
    assertEquals(size.length, mostLive, "slots are used again");
  });
}
