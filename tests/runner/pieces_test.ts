import { assertEquals } from "@std/assert";
import { linesOf } from "../../experiments/runner/pieces.ts";
import { processTest } from "./lab.ts";

processTest("lines of a file, wherever its pieces end", (folder) => {
  const path = `${folder}/file`;
  const long = "é".repeat(2 ** 18);
  for (const lines of [[], ["a"], ["a", "", "b"], [long, "x", long + "y"]]) {
    for (const end of ["", "\n"]) {
      if (lines.length === 0 && end !== "") continue;
      Deno.writeTextFileSync(path, lines.join("\n") + end);
      assertEquals([...linesOf(path)], lines);
    }
  }
  return Promise.resolve();
});
