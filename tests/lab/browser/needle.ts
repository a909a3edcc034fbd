/**
 * One block of 16 bytes that lives for one operation among very many: whether
 * the widest picture shows it, and a search finds it.
 *
 * @module
 */
import { must, type Proof } from "./proof.ts";
import { haystack, saved } from "./traces.ts";

const OPERATIONS = 1_000_000;
/** Least difference of a part of a colour that an eye sees. */
const SEEN = 40;

/** The proof. */
export const needle: Proof = {
  name: "needle",
  summary: "16 bytes for one operation among 10^6",
  async run({ browser, address, folder }) {
    const { trace, op } = haystack(OPERATIONS);
    const path = await saved(trace, folder, "haystack");
    const page = await browser.page({ width: 1400, height: 900 });
    await page.open(address);
    await page.evaluate(`lab.specs = ["glibc"]`);
    await page.evaluate(`delete document.querySelector("main").dataset.exact`);
    await page.drop(path);
    await page.until(`document.querySelector("main").dataset.exact === "true"`);
    const seen = await page.evaluate<number>(`(async () => {
      const { blocks, address } =
        (await lab.client.ask({ kind: "state", op: ${op} })).lanes[0];
      const { folds, height } = lab.lanes[0];
      const fold = folds.findLast((one) => one.address <= address);
      const y = fold.y + address - fold.address;
      const canvas = document.querySelector(".map canvas");
      const { data, width } = canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height);
      const row = canvas.height - 1 - Math.floor(canvas.height * y / height);
      const x = Math.floor(canvas.width * ${op} / (lab.time.operations + 1));
      const at = (x) => data.subarray(4 * (row * width + x), 4 * (row * width + x) + 3);
      const difference = (a, b) =>
        Math.max(...a.map((part, i) => Math.abs(part - b[i])));
      return Math.min(difference(at(x), at(x - 2)), difference(at(x), at(x + 2)));
    })()`);
    await page.picture(`${folder}/needle.png`);
    await page.evaluate(`lab.findSmallest()`);
    await page.until(`lab.op === ${op} && lab.isExact && !lab.isBusy`, 20)
      .catch(() => {});
    const found = await page.evaluate<number>(`lab.op`);
    await page.picture(`${folder}/needle-found.png`);
    await page.close();
    return [
      must(
        "the needle stands out in the widest picture",
        seen >= SEEN ? [] : [`its pixel differs by ${seen} of 255`],
        `by ${seen} of 255`,
      ),
      must(
        "a search finds the needle",
        found === op ? [] : [`the cursor is at ${found}, not at ${op}`],
        `operation ${op}`,
      ),
      must("no error", page.errors),
    ];
  },
};
