/**
 * Files without lines, written for tests.
 *
 * @module
 */

/** `number` as a .wl file has it. */
function digits(number: number): number[] {
  const groups = [number % 128];
  for (let n = Math.floor(number / 128); n > 0; n = Math.floor(n / 128)) {
    groups.unshift(0x80 | n % 128);
  }
  return groups;
}

/** A .wl file: the calls of each thread, a code and numbers each. */
export function workload(
  signals: number,
  ...threads: number[][][]
): Uint8Array<ArrayBuffer> {
  const bodies = threads.map((calls) => [
    ...calls.flatMap((
      [code, ...numbers],
    ) => [code!, ...numbers.flatMap(digits)]),
    1,
  ]);
  let head: number[] = [];
  for (let length = -1; length !== head.length;) { // offsets depend on it
    length = head.length;
    let at = length;
    head = [8, ...digits(99), 9, ...digits(signals), 10];
    head.push(...digits(threads.length));
    for (const body of bodies) {
      head.push(11, ...digits(at));
      at += body.length;
    }
    head.push(1);
  }
  return Uint8Array.from([...head, ...bodies.flat()]);
}

/** A replay file of bytehound with these operations. */
export function byteReplay(
  slots: number,
  ...operations: [kind: number, slot: number, time: number, size: number][]
): Uint8Array<ArrayBuffer> {
  const numbers = [slots, operations.length, ...operations.flat()];
  const words = BigUint64Array.from(numbers.map(BigInt)); // a PC's byte order
  return new Uint8Array(words.buffer);
}
