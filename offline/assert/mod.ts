/**
 * Stand-in for `jsr:@std/assert`: what this project uses of it.
 *
 * Deep comparison and its report come from `node:assert`. Simplified: a nested
 * -0 differs from 0, and an object without a prototype from a plain one.
 *
 * @module
 */
import node from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";

/** What a failed assertion throws. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Throws always. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${suffix(msg)}`);
}

/** Throws unless the values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (actual === expected) return;
  try {
    node.deepStrictEqual(actual, expected);
  } catch (error) {
    const report = (error as Error).message;
    throw new AssertionError(`Values are not equal${suffix(msg)}\n${report}`);
  }
}

/** Throws if the values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (actual !== expected && !isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError(
    `Expected values to differ, both are ${inspect(actual)}${suffix(msg)}`,
  );
}

/** Throws unless the values are the same one, by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `Expected ${inspect(actual)} to be ${inspect(expected)}${suffix(msg)}`,
  );
}

/** Throws on null and undefined. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(`Expected ${actual} to exist${suffix(msg)}`);
}

/** Throws unless `actual` is an instance of `ExpectedType`. */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  ExpectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (actual instanceof ExpectedType) return;
  const found = inspect(actual);
  throw new AssertionError(
    `Expected a ${ExpectedType.name}, not ${found}${suffix(msg)}`,
  );
}

/**
 * Throws unless the numbers are at most `tolerance` apart; by default, 1e-7 of
 * the expected one.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Math.abs(expected * 1e-7),
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  if (Math.abs(expected - actual) <= tolerance) return;
  throw new AssertionError(
    `Expected ${actual} to be within ${tolerance} of ${expected}${suffix(msg)}`,
  );
}

/** Throws unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) order(actual, ">", expected, msg);
}

/** Throws unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual >= expected)) order(actual, ">=", expected, msg);
}

/** Throws unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) order(actual, "<", expected, msg);
}

/** Throws unless `actual <= expected`. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual <= expected)) order(actual, "<=", expected, msg);
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected ${inspect(actual)} to contain ${inspect(expected)}${suffix(msg)}`,
  );
}

/** Throws unless `expected` matches `actual`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected ${inspect(actual)} to match ${expected}${suffix(msg)}`,
  );
}

/** Throws unless `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Throws unless `fn` throws an error of the class and returns that error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  ...expected: Expected<E>
): unknown {
  try {
    fn();
  } catch (error) {
    return thrown(error, expected);
  }
  throw new AssertionError("Expected function to throw");
}

/** Throws unless `fn` rejects; returns the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Throws unless `fn` rejects with an error of the class; returns that error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  ...expected: Expected<E>
): Promise<unknown> {
  const promise = fn(); // a function that throws at once does not reject
  try {
    await promise;
  } catch (error) {
    return thrown(error, expected);
  }
  throw new AssertionError("Expected function to reject");
}

/** What follows the function in {@linkcode assertThrows}. */
type Expected<E extends Error> =
  | [msg?: string]
  | [ErrorClass: ErrorClass<E>, msgIncludes?: string, msg?: string];

/** Returns `error` if it is as expected, throws otherwise. */
function thrown<E extends Error>(error: unknown, expected: Expected<E>) {
  const [Class, msgIncludes = "", msg] = expected;
  if (typeof Class !== "function") return error;
  assertInstanceOf(error, Class, msg);
  assertStringIncludes(error.message, msgIncludes, msg);
  return error;
}

function order(actual: unknown, sign: string, expected: unknown, msg?: string) {
  throw new AssertionError(
    msg ?? `Expected ${inspect(actual)} ${sign} ${inspect(expected)}`,
  );
}

/** The caller's words, after ours. */
function suffix(msg?: string): string {
  return msg ? `: ${msg}` : ".";
}
