import { assertEquals } from "@std/assert";
import { lawWords } from "../../experiments/laws/words.ts";

Deno.test("laws in sentences are words", () => {
  assertEquals(
    ["uniform:1:1999", "exp:4096", "loguniform:1:9", "pareto:1:2"]
      .map(lawWords),
    [
      "uniform from 1 to 1999",
      "exponential with mean 4096",
      "log-uniform from 1 to 9",
      "pareto:1:2",
    ],
  );
});
