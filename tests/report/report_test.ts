/**
 * The page and the figures as the command line writes them.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { README_FIGURE, readmeFigure } from "../golden/moving.ts";
import { contents, lab, ok, processTest, ROOT } from "../runner/lab.ts";
import { drawn } from "./drawn.ts";

const program = `${ROOT}experiments/main.ts`;

processTest("a run draws what it ran and keeps the rest", async (folder) => {
  const run = (name: string, ...words: string[]) =>
    ok(["experiments", name, "--scale", "quick", "--out", folder, ...words], {
      program,
    });
  await run("buddy_checkerboard");
  await run("power_of_two_waste");
  const both = contents(folder);
  const figures = [...both.keys()].filter((name) => name.endsWith(".svg"));
  assertEquals(figures, [
    "figures/buddy_checkerboard.1.narrow.svg",
    "figures/buddy_checkerboard.1.svg",
    "figures/power_of_two_waste.1.narrow.svg",
    "figures/power_of_two_waste.1.svg",
  ]);
  const page = both.get("index.html")!;
  const links = [...page.matchAll(/(?:href|src|srcset)="([^"#][^"]*)"/g)]
    .map(([, link]) => link!);
  assert(links.length > 10);
  for (const link of links) {
    assert(both.has(link) || link === "timing.csv", `${link} is not there`);
  }
  assert(!/https?:|url\(|@import|src="\w+:/.test(page), "the page needs more");
  assertMatch(page, /2 experiments, 5 claims: 5 hold\./);
  assertMatch(page, /<tr id="claim-buddy-pow2" data-verdict="holds">/);

  Deno.removeSync(`${folder}/index.html`);
  Deno.writeTextFileSync(`${folder}/${figures[0]}`, "spoilt");
  Deno.writeTextFileSync(`${folder}/figures/.x.svg.tmp`, "left behind");
  await ok(["figures", "--results", folder], { program });
  assertEquals(contents(folder), both);

  await run("power_of_two_waste", "--allocator", "tlsf", "--set", "size=5000");
  await run("buddy_checkerboard", "--set", "order=1");
  assert(contents(folder).has(figures[0]!));
});

processTest("a figure that has no rows any more goes", async (folder) => {
  const args = ["experiments", "buddy_pinned_page", "--scale", "quick"];
  const out = ["--out", folder];
  await ok([...args, ...out], { program });
  const figures = () =>
    [...contents(folder).keys()].filter((name) => name.endsWith(".svg"));
  assertEquals(figures().length, 4);
  await ok([...args, "--allocator", "tlsf", ...out], { program });
  assertEquals(figures(), []);
  assert(!contents(folder).get("index.html")!.includes("<img"));
});

processTest("figures of nothing are refused", async (folder) => {
  const none = await lab(["figures", "--results", folder], { program });
  assertEquals([none.code, none.out], [1, ""]);
  assertMatch(none.err, /^No results in .*: run some experiments first\n$/);
  const unknown = await lab(["figures", "nonsense"], { program });
  assertEquals(unknown.code, 2);
});

processTest("the README shows what a run draws", async (folder) => {
  const kept = Deno.readTextFileSync(README_FIGURE);
  const drawnAnew = await readmeFigure(folder) === kept;
  assert(drawnAnew, "deno task golden draws it anew");
  assertEquals(kept.match(/class="veil"/g)?.length, 3);
  const { texts, marks } = drawn(kept);
  for (const text of ["first_fit", "glibc", "pool", "erase", "live, at most"]) {
    assert(texts.some((one) => one.text.startsWith(text)), text);
  }
  assert(new Set(marks.map(({ colour }) => colour)).size > 5);
});
