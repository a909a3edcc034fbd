/**
 * When the memory of a cleared `std::map` of a million elements comes back:
 * malloc's figures of recorded programs, in KiB as they print them, and what
 * is resident beside the program's own pages.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Tunables } from "../../../allocators/glibc/params.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { Elements } from "../../../experiments/workloads/containers/elements.ts";
import { Ordered } from "../../../experiments/workloads/containers/ordered.ts";
import { startUp } from "../../../experiments/workloads/containers/program.ts";
import type { Requests } from "../../../experiments/workloads/containers/requests.ts";
import recorded from "../../fixtures/stl/return.txt" with { type: "text" };
import { CountingMalloc } from "./counting_malloc.ts";

const ELEMENTS = 1_000_000;

/** Tunables of the recorded programs, in their order. */
const TUNED: readonly Partial<Tunables>[] = [
  {},
  {},
  {},
  {},
  { tcache_count: 0 },
  { tcache_count: 0 },
  { tcache_count: 0 },
  { tcache_count: 0 },
  { mxfast: 0 },
  { mxfast: 0, tcache_count: 0 },
];
/** Those that are compared: the others repeat one of them up to the trigger. */
const COMPARED = [0, 5, 6, 8, 9];

/** What the program prints with `payload` bytes beside the key, and resident KiB. */
function run(
  payload: number,
  trigger: string,
  tunables: Partial<Tunables>,
): { lines: string[]; resident: number[] } {
  const source = new AddressSpace();
  const malloc = new CountingMalloc(tunables, source);
  const addresses = new Float64Array(ELEMENTS + 8);
  const freed: number[] = [];
  let slots = 0;
  const requests: Requests = {
    malloc(size) {
      const slot = freed.pop() ?? slots++;
      addresses[slot] = malloc.malloc(size);
      source.touch(addresses[slot]!, 1);
      return slot;
    },
    free(slot) {
      malloc.free(addresses[slot]!, 0);
      freed.push(slot);
    },
    write() {},
  };
  const lines: string[] = [];
  const resident: number[] = [];
  const show = (what: string) => {
    const m = malloc.mallinfo();
    const kib = (bytes: number) => `${Math.floor(bytes / 1024)}K`;
    resident.push(source.residentBytes / 1024);
    lines.push(
      `${what} arena=${kib(m.arena)} free=${kib(m.fordblks)} ` +
        `fastbin=${kib(m.fsmblks)} keepcost=${kib(m.keepcost)}`,
    );
  };
  startUp(requests, 8, false);
  const elements = new Elements({
    nodeBytes: Math.ceil((32 + 4 + payload) / 8) * 8,
    nodes: requests,
    characters: requests,
  });
  const map = new Ordered(elements, true);
  show("start");
  for (let key = 0; key < ELEMENTS; key++) map.insert(key);
  show("after insert");
  map.clear();
  show("after clear");
  const request = (bytes: number, what: string) => {
    const address = malloc.malloc(bytes);
    show(what);
    malloc.free(address, bytes);
    show(`free(${bytes})`);
  };
  if (trigger === "large") request(2000, "malloc(2000) => consolidate");
  if (trigger === "64k") request(100_000, "malloc(100000)");
  if (trigger === "trim") {
    malloc.control.trim(0);
    show("malloc_trim(0)");
  }
  return { lines, resident };
}

const programs = recorded.split("# ").slice(1);

COMPARED.forEach((i) => {
  const [head, ...lines] = programs[i]!.split("\n");
  const [, payload, trigger] = /payload (\d+) trigger (\w+)/.exec(head!)!;
  const tunables = TUNED[i]!;
  Deno.test(`return: ${head} ${JSON.stringify(tunables)}`, () => {
    const shown = lines.filter((line) => line.startsWith("  "));
    const played = run(Number(payload), trigger!, tunables);
    assertEquals(
      played.lines,
      shown.map((line) => line.trim().replace(/ *rss=\d+K/, "")),
    );
    const own = shown.map((line, i) =>
      Number(/rss=(\d+)K/.exec(line)![1]) - played.resident[i]!
    );
    // After the start the program first uses more pages of its own, then none.
    assertEquals(own.slice(1), own.slice(1).fill(own[1]!));
    assert(own[1]! >= own[0]! && own[1]! <= own[0]! + 256, `${own}`);
  });
});
