import { assertEquals } from "@std/assert";
import { plural } from "../../experiments/traces/plural.ts";

Deno.test("one is singular, none and many are plural", () => {
  assertEquals(
    [0, 1, 2].map((n) => plural(n, "page")),
    ["0 pages", "1 page", "2 pages"],
  );
  assertEquals(plural(1, "cache is", "caches are"), "1 cache is");
  assertEquals(plural(1000, "byte", "bytes", "1,000"), "1,000 bytes");
});
