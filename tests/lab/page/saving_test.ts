import { assertEquals } from "@std/assert";
import { metricsCsv } from "../../../experiments/lab/page/saving.ts";
import { Driver } from "../driver.ts";

Deno.test("metrics as CSV: every metric that some allocator has", async () => {
  const text = "a 0 100\na 1 200";
  const { lanes } = await new Driver()
    .load({ kind: "text", text }, ["kmalloc", "first_fit"]);
  const [head = "", ...rows] = metricsCsv(lanes).trimEnd().split("\n");
  const at = head.split(",").indexOf("resident_bytes");
  assertEquals(
    rows.map((row) => row.split(",")).map((row) => [
      row[0],
      row[1],
      row[head.split(",").indexOf("requested_bytes")],
      row[at] === "",
      row.length === head.split(",").length,
    ]),
    ["kmalloc", "first_fit"].flatMap((spec) =>
      ["0", "100", "300"].map((requested, op) => [
        spec,
        `${op}`,
        requested,
        spec === "kmalloc",
        true,
      ])
    ),
  );
});
