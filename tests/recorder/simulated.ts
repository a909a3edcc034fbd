/**
 * Recorded traces under the simulated glibc.
 *
 * @module
 */
import { glibc } from "../../allocators/glibc/entry.ts";
import { VERSIONS } from "../../allocators/glibc/versions.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { newHeap } from "../../experiments/experiment/cell.ts";
import { addressLines } from "../../experiments/replay/addresses.ts";
import { replay, Session } from "../../experiments/replay/replay.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import { Replays } from "../../experiments/why/replays.ts";
import { type Why, whyOf } from "../../experiments/why/why.ts";

/** A heap in a process, as glibc `version` has it. */
function subject(version: string) {
  const spec = parseSpec(`glibc:version=${version}`, [glibc]);
  const memory = spec.entry.process!(spec.values);
  return { ...newHeap(spec, 1, memory), process: true };
}

const open = (text: string) => () => [new TextEncoder().encode(text)];

/** Whether glibc `version` can be simulated. */
export function isKnown(version: string): boolean {
  return version in VERSIONS;
}

/** The answers to the requests of `text`, as `replay --addresses` prints them. */
export async function answersOf(
  text: string,
  version: string,
): Promise<string[]> {
  const heap = subject(version);
  const session = new Session(heap.heap, heap.source);
  const extras = { every: 0, explain: false };
  let all = "";
  const trace = readRep("t.rep", open(text));
  for await (const lines of addressLines(trace, session, heap, extras)) {
    all += lines;
  }
  return all.trim().split("\n");
}

/** Resident bytes at each phase mark of `text`, all payload being written. */
export async function residentOf(
  text: string,
  version: string,
): Promise<Map<string, number>> {
  const { heap, source } = subject(version);
  const session = new Session(heap, source, { touch: "all" });
  const resident = new Map<string, number>();
  await replay(readRep("t.rep", open(text)), session, {
    every: 0,
    sink: ({ phase }) => resident.set(phase, source.residentBytes!),
  });
  return resident;
}

/** What keeps memory resident at the mark `at` of `text`. */
export async function whyAt(
  text: string,
  version: string,
  at: string,
): Promise<Why> {
  const trace = readRep("t.rep", open(text));
  const spec = parseSpec(`glibc:version=${version}`, [glibc]);
  using replays = new Replays().replayHere(trace);
  return await whyOf({ trace, spec, at, touch: "all", replays });
}

/** Resident bytes at each phase mark of `text`, as they were recorded. */
export function residentIn(text: string): Map<string, number> {
  const marks = text.matchAll(/^R (\d+)\np (.*)$/gm);
  return new Map([...marks].map(([, bytes, name]) => [name!, Number(bytes)]));
}
