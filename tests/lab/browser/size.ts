/**
 * How large the page is without a trace, and that it loads nothing.
 *
 * @module
 */
import { atMost, must, type Proof } from "./proof.ts";

/** The proof. */
export const size: Proof = {
  name: "size",
  summary: "the page without a trace, and what it loads",
  async run({ browser, address, file }) {
    const text = Deno.readTextFileSync(file);
    const page = await browser.page({ width: 1400, height: 900 });
    await page.open(address);
    await page.until(`document.querySelector("main")?.dataset.exact`);
    const loaded = await page.evaluate<string[]>(
      `performance.getEntriesByType("resource").map(({ name }) => name)
        .filter((name) => !/^(blob|data):/.test(name))`,
    );
    await page.close();
    const foreign = ["vega", "csv-stringify", "hyparquet"]
      .filter((name) => text.includes(name));
    return [
      atMost("page without a trace", text.length / 1000, 600, "KB"),
      must("nothing is loaded", loaded),
      must("no code of figures, tables or files", foreign),
      must("no error", page.errors),
    ];
  },
};
