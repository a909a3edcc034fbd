/**
 * The elements of a container: the node of each, where it has one, and the
 * characters of its strings.
 *
 * Strings are made before they are moved into the node, the value's before the
 * key's; they die value first, before the node. Their characters come from
 * operator new, whatever allocator the container has.
 *
 * @module
 */
import { Slots } from "../../traces/trace.ts";
import { INLINE_CHARACTERS } from "./layout.ts";
import type { Requests } from "./requests.ts";

/** Characters of the strings of an element, by its key; absent: no string. */
export interface Strings {
  /** Of the key. */
  key?: (key: number) => number;
  /** Of the value. */
  value?: (key: number) => number;
}

/** What elements consist of and where their blocks come from. */
export interface ElementOptions {
  /** Bytes of a node; 0: elements are kept by the container. */
  nodeBytes: number;
  /** The container's allocator. */
  nodes: Requests;
  /** Operator new, for characters. */
  characters: Requests;
  /** How long strings are. */
  strings?: Strings;
}

/** `array`, or a copy twice as long if `index` lies beyond. */
export function roomFor(
  array: Int32Array<ArrayBuffer>,
  index: number,
): Int32Array<ArrayBuffer> {
  if (index < array.length) return array;
  const longer = new Int32Array(Math.max(index + 1, 2 * array.length));
  longer.set(array);
  return longer;
}

/** Elements by number: from 1 on, numbers of the dead are reused. */
export class Elements {
  /** Elements alive. */
  count = 0;
  readonly #numbers = new Slots();
  readonly #options: ElementOptions;
  // Slots of the blocks of element e; -1: it has none. Valid while e lives.
  #node = new Int32Array(64);
  #key = new Int32Array(64);
  #value = new Int32Array(64);

  /** No elements. */
  constructor(options: ElementOptions) {
    this.#options = options;
    this.#numbers.take(); // 0 stands for none
  }

  /** The allocator of the container. */
  get nodes(): Requests {
    return this.#options.nodes;
  }

  /** Requests what an element with `key` needs; its number. */
  make(key: number): number {
    const { nodeBytes, nodes, strings } = this.#options;
    const e = this.#numbers.take();
    this.count++;
    if (strings) {
      this.#key = roomFor(this.#key, e);
      this.#value = roomFor(this.#value, e);
      this.#value[e] = this.#string(strings.value, key);
      this.#key[e] = this.#string(strings.key, key);
    }
    if (nodeBytes > 0) {
      this.#node = roomFor(this.#node, e);
      this.#node[e] = nodes.malloc(nodeBytes);
    }
    return e;
  }

  /** Frees the blocks of element `e`. */
  drop(e: number): void {
    const { nodeBytes, nodes, characters, strings } = this.#options;
    if (strings) {
      if (this.#value[e]! >= 0) characters.free(this.#value[e]!);
      if (this.#key[e]! >= 0) characters.free(this.#key[e]!);
    }
    if (nodeBytes > 0) nodes.free(this.#node[e]!);
    this.#numbers.give(e);
    this.count--;
  }

  #string(length: Strings["key"], key: number): number {
    const characters = length?.(key) ?? 0;
    if (characters <= INLINE_CHARACTERS) return -1;
    return this.#options.characters.malloc(characters + 1);
  }
}
