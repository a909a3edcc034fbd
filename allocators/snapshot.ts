/**
 * Snapshots of a heap, or of any other model: what all objects that can be
 * reached from it hold at an instant, and the way back to it.
 *
 * Restoring is in place: the objects stay the same and get their old contents
 * back, so that references from outside remain good. Followed are properties,
 * elements of arrays, entries of Maps and Sets, and cycles. A function is kept
 * as it is, but what it carries as properties is state like any other.
 *
 * State that no property leads to is out of reach: #members, and variables in
 * closures. Models have none.
 *
 * @module
 */

/** Words of a stretch of a buffer: copied as a whole unless it is all 0. */
const STRETCH = 1024;
/** A word and its place are kept instead if so many times as many words are 0 at least. */
const SPARSE = 3;
/** Bytes of a reference, and of what is remembered of an object, about. */
const WORD = 8;
const OBJECT = 200;

/** The contents of every object reached at an instant. */
export class Snapshot {
  /** Bytes that it takes, about. */
  readonly bytes: number;
  private readonly undo: readonly (() => void)[];

  /** Made by {@linkcode capture}: what each object has to do. */
  constructor(undo: readonly (() => void)[], bytes: number) {
    this.undo = undo;
    this.bytes = bytes;
  }

  /** Puts everything back as it was; any number of times. */
  restore(): void {
    for (const put of this.undo) put();
  }
}

/**
 * Copies what can be reached from `root`; O(that), where memory that was never
 * written costs a look. Throws `TypeError` if something with a state of its
 * own is reached that cannot be copied, such as a generator or a WeakMap.
 */
export function capture(root: object): Snapshot {
  const undo: (() => void)[] = [];
  const seen = new Set<unknown>([root]);
  const pending: object[] = [root];
  const reach = (value: unknown): void => {
    const isObject = typeof value === "object" && value !== null;
    if (!isObject && typeof value !== "function" || seen.has(value)) return;
    seen.add(value);
    pending.push(value);
  };
  let bytes = 0;
  const copied = (length: number) => bytes += length;
  for (let o = pending.pop(); o !== undefined; o = pending.pop()) {
    undo.push(remembered(o, reach, copied));
  }
  return new Snapshot(undo, bytes + OBJECT * undo.length);
}

/**
 * How to put `o` back as it is; calls `reach` for all that it refers to, and
 * `copied` with the bytes of copies.
 */
function remembered(
  o: object,
  reach: (value: unknown) => void,
  copied: (bytes: number) => void,
): () => void {
  if (ArrayBuffer.isView(o)) {
    reach(o.buffer);
    return () => {};
  }
  if (o instanceof ArrayBuffer) return rememberedBuffer(o, copied);
  if (Array.isArray(o)) {
    const elements = o.slice();
    copied(WORD * elements.length);
    elements.forEach(reach);
    return () => {
      o.length = 0;
      elements.forEach((element, i) => o[i] = element);
      o.length = elements.length;
    };
  }
  if (o instanceof Map) {
    const entries = [...o];
    copied(4 * WORD * entries.length);
    entries.forEach((entry) => entry.forEach(reach));
    return () => {
      o.clear();
      for (const [key, value] of entries) o.set(key, value);
    };
  }
  if (o instanceof Set) {
    const members = [...o];
    copied(2 * WORD * members.length);
    members.forEach(reach);
    return () => {
      o.clear();
      for (const member of members) o.add(member);
    };
  }
  const kind = Object.prototype.toString.call(o);
  if (typeof o !== "function" && kind !== "[object Object]") {
    throw new TypeError(`Cannot capture ${kind}: its state is out of reach`);
  }
  return rememberedProperties(o as Record<PropertyKey, unknown>, reach);
}

function rememberedProperties(
  o: Record<PropertyKey, unknown>,
  reach: (value: unknown) => void,
): () => void {
  const values = stateOf(o);
  values.forEach(reach);
  return () => {
    for (const key of stateOf(o).keys()) if (!values.has(key)) delete o[key];
    for (const [key, value] of values) if (o[key] !== value) o[key] = value;
  };
}

/** The properties of `o` itself that can be listed and hold a value. */
function stateOf(o: object): Map<PropertyKey, unknown> {
  const values = new Map<PropertyKey, unknown>();
  for (const key of Reflect.ownKeys(o)) {
    const property = Reflect.getOwnPropertyDescriptor(o, key)!;
    if (property.enumerable && "value" in property) {
      values.set(key, property.value);
    }
  }
  return values;
}

/** Copies what is not 0 in `buffer`: word by word where that is little. */
function rememberedBuffer(
  buffer: ArrayBuffer,
  copied: (bytes: number) => void,
): () => void {
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  const odd = new Uint8Array(buffer, words.byteLength);
  const oddBytes = odd.slice();
  copied(oddBytes.length);
  const put = SPARSE * count(words) < words.length
    ? rememberedWords(words, copied)
    : rememberedStretches(words, copied);
  return () => {
    put();
    odd.set(oddBytes);
  };
}

/** Words that are not 0. */
function count(words: Int32Array): number {
  let found = 0;
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) found++;
  return found;
}

/** Copies each word that is not 0, and its place. */
function rememberedWords(
  words: Int32Array,
  copied: (bytes: number) => void,
): () => void {
  const places = new Uint32Array(count(words));
  const values = new Int32Array(places.length);
  let n = 0;
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue;
    places[n] = i;
    values[n++] = words[i]!;
  }
  copied(places.byteLength + values.byteLength);
  return () => {
    for (let at = 0; at < words.length; at += STRETCH) blank(words, at);
    for (let i = 0; i < places.length; i++) words[places[i]!] = values[i]!;
  };
}

/** Copies the stretches that are not all 0. */
function rememberedStretches(
  words: Int32Array,
  copied: (bytes: number) => void,
): () => void {
  const copies = new Map<number, Int32Array>();
  for (let at = 0; at < words.length; at += STRETCH) {
    if (isBlank(words, at)) continue;
    const copy = words.slice(at, at + STRETCH);
    copies.set(at, copy);
    copied(copy.byteLength);
  }
  return () => {
    for (let at = 0; at < words.length; at += STRETCH) {
      const copy = copies.get(at);
      if (copy) words.set(copy, at);
      else blank(words, at);
    }
  };
}

/** Makes the stretch from word `at` on 0; memory that was never written stays so. */
function blank(words: Int32Array, at: number): void {
  if (!isBlank(words, at)) words.fill(0, at, at + STRETCH);
}

/** Whether the stretch from word `at` on is all 0. */
function isBlank(words: Int32Array, at: number): boolean {
  const end = Math.min(at + STRETCH, words.length);
  while (at < end && words[at] === 0) at++;
  return at === end;
}
