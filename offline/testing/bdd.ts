/**
 * Stand-in for `jsr:@std/testing/bdd`: what this project uses of it.
 *
 * An outermost group is one `Deno.test`, what it holds are its steps.
 * Simplified: no options, no `only` and `skip`, no hooks outside of groups.
 *
 * @module
 */

/** What runs before or after a test. */
type Hook = () => void | Promise<void>;

/** A group of tests, inside another one or not. */
type Group = {
  outer: Group | undefined;
  steps: { name: string; fn: TestBody }[];
  before: Hook[];
  after: Hook[];
};

/** The group whose function is running. */
let current: Group | undefined;

/** What a test does. */
export type TestBody = (t: Deno.TestContext) => void | Promise<void>;

/** Declares the tests and groups that `fn` declares, as one group. */
export function describe(name: string, fn: () => void): void {
  const group: Group = { outer: current, steps: [], before: [], after: [] };
  current = group;
  try {
    fn();
  } finally {
    current = group.outer;
  }
  declare(name, async (t) => {
    for (const { name, fn } of group.steps) await t.step(name, fn);
  });
}

/** Declares a test. */
export function it(name: string, fn: TestBody): void {
  const group = current;
  declare(name, (t) => around(group, () => fn(t)));
}

/** Runs `fn` before every test of this group and of the groups inside it. */
export function beforeEach(fn: Hook): void {
  here().before.push(fn);
}

/** Runs `fn` after every test of this group and of the groups inside it. */
export function afterEach(fn: Hook): void {
  here().after.push(fn);
}

function here(): Group {
  if (current) return current;
  throw new TypeError("A hook must stand inside of describe()");
}

function declare(name: string, fn: TestBody): void {
  if (current) current.steps.push({ name, fn });
  else Deno.test(name, fn);
}

/** Runs `fn` between the hooks of the group, those between the outer one's. */
async function around(group: Group | undefined, fn: Hook): Promise<void> {
  if (group === undefined) return await fn();
  await around(group.outer, async () => {
    for (const hook of group.before) await hook();
    try {
      await fn();
    } finally {
      for (const hook of group.after) await hook();
    }
  });
}
