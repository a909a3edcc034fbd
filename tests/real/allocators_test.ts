/**
 * How allocators are named, found, and what is wrong with a name.
 *
 * @module
 */
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  find,
  installCommand,
  NAMES,
  readWanted,
} from "../../experiments/real/allocators.ts";
import { Failure, UsageError } from "../../experiments/runner/failure.ts";

const at = (path: string) => `/home/${path}`;

Deno.test("allocators are named, with a path or without", () => {
  assertEquals(readWanted("glibc,mine=a/lib.so", at), [
    { name: "glibc", path: undefined },
    { name: "mine", path: "/home/a/lib.so" },
  ]);
  for (
    const [text, says] of [
      ["hoard", /knows glibc, .*; others as NAME=PATH, not "hoard"$/],
      ["", /expects NAME or NAME=PATH/],
      ["glibc,", /expects NAME or NAME=PATH, not ""$/],
      ["x=", /expects NAME or NAME=PATH, not "x="$/],
      ["a b=/x", /expects NAME or NAME=PATH/],
      ["musl,musl=/x", /names musl twice$/],
    ] as const
  ) {
    const { message } = assertThrows(() => readWanted(text, at), UsageError);
    assertMatch(message, says, text);
  }
});

Deno.test("every allocator but glibc has a package, both forms of musl one", () => {
  const [, , ...packages] = installCommand(NAMES).split(" ");
  assertEquals(packages.length, NAMES.length - 2);
});

const granted = Deno.permissions.querySync({ name: "read" }).state ===
  "granted";

Deno.test({
  name: "a path that cannot be loaded is refused",
  ignore: !granted,
  fn() {
    const cases = [
      [
        "/no/such/lib.so",
        /^Cannot read \/no\/such\/lib\.so: there is no such file$/,
      ],
      ["/tmp", /^Cannot read \/tmp: there is no such file$/],
      [
        new URL(import.meta.url).pathname,
        /^\/.* is no musl: musl-gcc\.specs does not lie beside it$/,
      ],
    ] as const;
    for (const [path, says] of cases) {
      const wanted = { name: "musl", path };
      const { message } = assertThrows(() => find(wanted, "/no"), Failure);
      assertMatch(message, says);
    }
  },
});

if (!granted) console.log("real: skipped, needs --allow-read");
