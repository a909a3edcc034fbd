/**
 * Containers of libstdc++ as sources of requests: each makes the requests that
 * the real one makes, in the same order and of the same size.
 *
 * @module
 */
import type { Container } from "./container.ts";
import { Deque } from "./deque.ts";
import { Elements, type Strings } from "./elements.ts";
import {
  type Kind,
  nodeBytes,
  sizeOf,
  type Type,
  type Word,
} from "./layout.ts";
import { List } from "./list.ts";
import { Ordered } from "./ordered.ts";
import type { Requests } from "./requests.ts";
import { UnorderedMap } from "./unordered_map.ts";
import { Vector } from "./vector.ts";

/** What a container is made of. */
export interface ContainerOptions {
  /** Which container. */
  kind: Kind;
  /** Type of the keys; a set's elements are keys. */
  key: Type;
  /** Type of the values; the elements of a list, deque or vector. */
  value: Type;
  /** Bytes of a pointer. */
  word: Word;
}

/** Throws `RangeError` for an unordered_map with strings as keys. */
export function requireHashable({ kind, key }: ContainerOptions): void {
  if (kind === "unordered_map" && key.endsWith("string")) {
    throw new RangeError("unordered_map expects int or long as key");
  }
}

/** Characters of the long string made of the number `n`: 20 to 39. */
export function longString(n: number): number {
  return 39 - n % 20;
}

/**
 * An empty container whose nodes and arrays come from `nodes` and whose
 * strings' characters from `characters`. The value of `key` is the string of
 * 7 x `key`. Throws `RangeError` for an unordered_map with strings as keys.
 */
export function newContainer(
  options: ContainerOptions,
  nodes: Requests,
  characters: Requests,
): Container {
  requireHashable(options);
  const { kind, key, value, word } = options;
  const hasKey = /map|set/.test(kind);
  const strings: Strings = {};
  if (hasKey && key === "long_string") strings.key = longString;
  if (kind !== "set" && value === "long_string") {
    strings.value = (n) => longString(7 * n);
  }
  const elements = new Elements({
    nodeBytes: nodeBytes(kind, key, value, word),
    nodes,
    characters,
    ...(strings.key || strings.value ? { strings } : {}),
  });
  switch (kind) {
    case "map":
    case "set":
      return new Ordered(elements, true);
    case "multimap":
      return new Ordered(elements, false);
    case "list":
      return new List(elements);
    case "deque":
      return new Deque(elements, sizeOf(value, word), word);
    case "vector":
      return new Vector(elements, sizeOf(value, word));
    case "unordered_map":
      return new UnorderedMap(elements, word);
  }
}
