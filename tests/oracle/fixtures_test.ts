/**
 * The simulated malloc repeats every recorded run of the real one, and gives
 * recorded programs the addresses that they themselves got.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import bash from "../../data/traces/bash.rep.gz" with { type: "bytes" };
import cc1 from "../../data/traces/cc1.rep.gz" with { type: "bytes" };
import perl from "../../data/traces/perl.rep.gz" with { type: "bytes" };
import python from "../../data/traces/python.rep.gz" with { type: "bytes" };
import sqlite from "../../data/traces/sqlite.rep.gz" with { type: "bytes" };
import bashGot from "./fixtures/orig_bash.gz" with { type: "bytes" };
import cc1Got from "./fixtures/orig_cc1.gz" with { type: "bytes" };
import perlGot from "./fixtures/orig_perl.gz" with { type: "bytes" };
import pythonGot from "./fixtures/orig_python.gz" with { type: "bytes" };
import sqliteGot from "./fixtures/orig_sqlite.gz" with { type: "bytes" };
import perlThreads from "./fixtures/threads.pl.gz" with { type: "bytes" };
import pythonThreads from "./fixtures/threads.py.gz" with { type: "bytes" };
import { fixtures, gunzip, mismatch } from "./fixtures.ts";
import { placesOf } from "./recorded.ts";
import { misplaced, parseRecording, simulatedPlaces } from "./threaded.ts";

/** Fewest runs of each file, by collection and geometry. */
const LEAST = {
  "kinds x86_64": 50,
  "kinds i386": 50,
  "kinds armhf": 50,
  "edges x86_64": 100,
  "versions x86_64": 36,
  "versions i386": 10,
  "arenas x86_64": 10,
};

Deno.test("recorded runs of the real malloc are repeated", async (t) => {
  const counts = new Map<string, number>();
  for await (const fixture of fixtures()) {
    const { collection, geometry, name } = fixture;
    const file = `${collection} ${geometry}`;
    counts.set(file, (counts.get(file) ?? 0) + 1);
    assertEquals(mismatch(fixture), undefined, name);
  }
  for (const [file, least] of Object.entries(LEAST)) {
    await t.step(`${counts.get(file)} runs of ${file}`, () => {
      assert(counts.get(file)! >= least);
    });
  }
});

const PROGRAMS = {
  bash: [bash, bashGot],
  cc1: [cc1, cc1Got],
  perl: [perl, perlGot],
  python: [python, pythonGot],
  sqlite: [sqlite, sqliteGot],
} as const;

for (const [name, [trace, got]] of Object.entries(PROGRAMS)) {
  Deno.test(`${name} gets the addresses it got`, async () => {
    const lines = (await gunzip(got)).trimEnd().split("\n");
    const { wrong, heap, mapped } = placesOf(await gunzip(trace), lines);
    assertEquals(wrong, []);
    assert(heap > lines.length / 4);
    assert(mapped < heap);
  });
}

for (
  const [name, file, threads] of [
    ["python3", pythonThreads, 16],
    ["perl", perlThreads, 6],
  ] as const
) {
  Deno.test(`threads of ${name} get the places they got`, async () => {
    const recording = parseRecording(await gunzip(file));
    const { trace, places } = recording;
    assertEquals(trace.match(/^E /gm)?.length, threads);
    assertEquals(misplaced(recording, simulatedPlaces(trace)), []);
    const inArenas = places.filter((place) => place.startsWith("A"));
    assert(inArenas.length > 1000);
    // Threads that do not end keep their arenas and what they cached.
    const endless = simulatedPlaces(trace.replace(/^E (\d+)$/gm, "t 0"));
    assert(misplaced(recording, endless).length > 1000);
  });
}
