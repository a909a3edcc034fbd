/**
 * Stand-in for `jsr:@std/testing/mock`: what this project uses of it.
 *
 * @module
 */
import { assertEquals } from "../assert/mod.ts";

/** One call of a spy. */
export interface SpyCall<Args extends unknown[], Return> {
  /** The arguments. */
  args: Args;
  /** What it returned, unless it threw. */
  returned?: Return;
  /** What it threw. */
  error?: Error;
}

/** A function that remembers its calls. */
export interface Spy<Self, Args extends unknown[], Return> {
  (this: Self, ...args: Args): Return;
  /** The calls so far. */
  calls: SpyCall<Args, Return>[];
}

/** A method that remembers its calls until the original one is restored. */
export interface MethodSpy<Self, Args extends unknown[], Return>
  extends Spy<Self, Args, Return>, Disposable {
  /** Puts the original method back. */
  restore(): void;
}

/** The spy that takes the place of a method. */
type SpyOf<Self, Name extends keyof Self> = Self[Name] extends
  (...args: infer Args) => infer Return ? MethodSpy<Self, Args, Return>
  : never;

/** A function that does what `func` does, or nothing, and remembers it. */
export function spy<Self, Args extends unknown[], Return = undefined>(
  func?: (this: Self, ...args: Args) => Return,
): Spy<Self, Args, Return> {
  const calls: SpyCall<Args, Return>[] = [];
  return Object.assign(function (this: Self, ...args: Args): Return {
    const call: SpyCall<Args, Return> = { args };
    calls.push(call);
    try {
      return call.returned = func?.apply(this, args) as Return;
    } catch (error) {
      call.error = error as Error;
      throw error;
    }
  }, { calls });
}

/** Puts a function, by default an empty one, in the place of a method. */
export function stub<Self, Name extends keyof Self>(
  self: Self,
  property: Name,
  func?: Self[Name],
): SpyOf<Self, Name> {
  const original = self[property];
  const own = Object.hasOwn(self as object, property);
  const restore = () => {
    if (own) self[property] = original;
    else delete self[property];
  };
  const fake = Object.assign(spy(func as () => unknown), {
    restore,
    [Symbol.dispose]: restore,
  });
  self[property] = fake as Self[Name];
  return fake as unknown as SpyOf<Self, Name>;
}

/** Throws unless the spy was called that often. */
export function assertSpyCalls<Self, Args extends unknown[], Return>(
  spy: Spy<Self, Args, Return>,
  expectedCalls: number,
): void {
  assertEquals(spy.calls.length, expectedCalls, "calls of the spy");
}
