/**
 * The twin of containers.cpp: the same random life of the same container over
 * the models, and the same digest of every address.
 *
 * @module
 */
import { Pool } from "../../allocators/stl/pool.ts";
import { FlatSource, PAGE } from "../../allocators/pages.ts";
import type { Container } from "../../experiments/workloads/containers/container.ts";
import { Deque } from "../../experiments/workloads/containers/deque.ts";
import { List } from "../../experiments/workloads/containers/list.ts";
import type {
  Kind,
  Type,
} from "../../experiments/workloads/containers/layout.ts";
import { newContainer } from "../../experiments/workloads/containers/mod.ts";
import { startUp } from "../../experiments/workloads/containers/program.ts";
import type { Requests } from "../../experiments/workloads/containers/requests.ts";
import { CountingMalloc } from "../workloads/containers/counting_malloc.ts";

/** What containers.cpp knows, by its names. */
export const LIVES: Readonly<Record<string, [Kind, Type, Type]>> = {
  map: ["map", "int", "int"],
  map_long: ["map", "long", "long"],
  map_string: ["map", "long_string", "long_string"],
  map_int_string: ["map", "int", "long_string"],
  multimap: ["multimap", "int", "int"],
  set: ["set", "int", "int"],
  unordered_map: ["unordered_map", "int", "int"],
  unordered_map_long_string: ["unordered_map", "long", "long_string"],
  list: ["list", "int", "int"],
  list_string: ["list", "int", "long_string"],
  deque: ["deque", "int", "int"],
  deque_string: ["deque", "int", "long_string"],
  queue_string: ["deque", "int", "long_string"],
  vector: ["vector", "int", "long"],
  vector_string: ["vector", "int", "long_string"],
};

/** Where nodes come from. */
export type AllocatorName = "std" | "pool";

const KEYS = 1 << 15;

/** FNV-1a over every request, as the C++ program has it. */
class Digest {
  readonly lines: string[] = [];
  #hash = 2166136261;
  #requests = 0;

  note(what: number, address: number): void {
    const mapped = address >= 2 ** 32;
    this.#mix(what);
    this.#mix(mapped ? 1 : 0);
    this.#mix(mapped ? address % PAGE : address);
    if (++this.#requests % 1000 === 0) this.print();
  }

  print(): void {
    this.lines.push((this.#hash >>> 0).toString(16).padStart(8, "0"));
  }

  #mix(word: number): void {
    this.#hash = Math.imul(this.#hash ^ word, 16777619);
  }
}

/** The hashes that `containers <name> <allocator> <seed> <operations>` prints. */
export function simulate(
  name: string,
  allocator: AllocatorName,
  seed: number,
  operations: number,
): string[] {
  const source = new FlatSource();
  const malloc = new CountingMalloc({}, source);
  const nodes = allocator === "pool" ? new Pool(malloc, source) : malloc;
  const digest = new Digest();
  const addresses: number[] = [];
  const free: number[] = [];
  const through = (
    heap: CountingMalloc | Pool,
    allocated: number,
    freed: number,
  ): Requests => ({
    malloc(size) {
      const address = heap.malloc(size);
      if (allocated > 0) digest.note(allocated, address);
      const slot = free.pop() ?? addresses.length;
      addresses[slot] = address;
      return slot;
    },
    free(slot) {
      const address = addresses[slot]!;
      if (freed > 0) digest.note(freed, address);
      heap.free(address, 0);
      free.push(slot);
    },
    write() {},
  });
  startUp(through(malloc, 0, 0), 8, false);
  const [kind, key, value] = LIVES[name]!;
  const container = newContainer(
    { kind, key, value, word: 8 },
    through(nodes, 1, 2),
    through(malloc, 3, 4),
  );
  live(container, name, seed, operations);
  container.destroy();
  digest.print();
  nodes.check();
  malloc.check();
  return digest.lines;
}

function live(
  container: Container,
  name: string,
  seed: number,
  operations: number,
): void {
  const twoEnds = !name.startsWith("queue") &&
    (container instanceof List || container instanceof Deque);
  let state = seed;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 1; i <= operations; i++) {
    const growing = Math.floor(i / 20_000) % 2 === 0;
    const insert = draw() % 100 < (growing ? 80 : 40);
    const drawn = draw() % KEYS;
    const key = name === "multimap" ? drawn >> 3 : drawn;
    if (twoEnds && drawn % 2 === 1) {
      if (insert) container.pushFront(key);
      else container.popBack();
    } else if (insert) container.insert(key);
    else container.erase(key);
    if (i % 70_001 === 0) container.clear();
  }
}
