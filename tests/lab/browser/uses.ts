/**
 * What people do with the page: lessons, typed requests, files, links, the
 * keyboard, a narrow and a dark screen, files. Pictures of each are kept.
 *
 * @module
 */
import { LESSONS } from "../../../experiments/lab/page/lessons.ts";
import { labHref } from "../../../experiments/report/page/lab_links.ts";
import type { Page } from "./devtools.ts";
import { type Finding, must, type Proof, type Stage } from "./proof.ts";

const WIDE = { width: 1400, height: 1000 };
const EXACT = `document.querySelector("main").dataset.exact === "true"`;
/** Lessons of the short form. */
const FEW = 2;

/** An expression: the button with such a label. */
function button(label: string): string {
  return `[...document.querySelectorAll("button")].find((one) =>
    one.textContent === ${JSON.stringify(label)})`;
}

const STATUS = `document.querySelector(".status").textContent`;

/** The proof. */
export const uses: Proof = {
  name: "uses",
  summary:
    "lessons, typed requests, files, links, keyboard, narrow, dark, saved",
  async run(stage) {
    return [
      await tried(stage, "lessons: read, asked, answered", lessons),
      await tried(stage, "typed requests, six side by side", typed),
      await tried(stage, "a file that is none, then one", files),
      await tried(stage, "a link shows the same again", links),
      await tried(stage, "the keyboard alone", keyboard),
      await tried(stage, "400 pixels, light and dark", narrow),
      await tried(stage, "saved: a picture with its words, all blocks", saved),
    ];
  },
};

/** What goes wrong while somebody does `act` on a new page. */
async function tried(
  stage: Stage,
  what: string,
  act: (page: Page, stage: Stage) => Promise<string[]>,
): Promise<Finding> {
  const page = await stage.browser.page(WIDE);
  try {
    await page.open(stage.address);
    await page.until(EXACT);
    const wrong = await act(page, stage);
    return must(what, [...wrong, ...page.errors]);
  } catch (error) {
    return must(what, [(error as Error).message, ...page.errors]);
  } finally {
    await page.close();
  }
}

async function lessons(
  page: Page,
  { folder, short }: Stage,
): Promise<string[]> {
  const wrong: string[] = [];
  const heading = `document.querySelector(".lesson h2").textContent`;
  for (const lesson of short ? LESSONS.slice(0, FEW) : LESSONS) {
    const { id, title, steps, answer } = lesson;
    await page.evaluate(`(() => {
      const select = document.querySelector(".lessons select");
      select.value = ${JSON.stringify(id)};
      select.dispatchEvent(new Event("change"));
    })()`);
    for (let step = 0; step < steps.length; step++) {
      await page.until(
        `${heading} === ${
          JSON.stringify(`${title} (${step + 1} of ${steps.length})`)
        } && !lab.isBusy && lab.op === ${steps[step]!.op}`,
        20,
      );
      if (step === steps.length - 1) {
        await page.until(EXACT);
        await page.picture(`${folder}/lesson-${id}.png`);
      }
      await page.click(button("Next"));
    }
    await page.until(
      `${heading} === ${JSON.stringify(`${title}: a question`)}`,
    );
    const verdict = async (text: string) => {
      await page.evaluate(`(() => {
        const field = document.querySelector(".lesson input");
        field.value = "";
        field.focus();
      })()`);
      await page.type(text);
      await page.press("Enter");
      return await page.evaluate<string>(
        `document.querySelector(".lesson [role=status]").className`,
      );
    };
    if (await verdict(`${answer + 1}`) !== "wrong") {
      wrong.push(`${id}: a wrong answer is right`);
    }
    if (await verdict(`${answer}`) !== "right") {
      wrong.push(`${id}: the right answer is wrong`);
    }
  }
  return wrong;
}

async function typed(page: Page, { folder }: Stage): Promise<string[]> {
  await page.evaluate(
    `document.querySelector(".setup").closest("details").open = true`,
  );
  await page.evaluate(`(() => {
    const text = document.querySelector("textarea");
    text.value = "";
    text.focus();
  })()`);
  await page.type("a 0 100; a 1 200; a 2 300; f 1; a 3 60; f 0");
  await page.click(button("Six side by side"));
  await page.until(
    `document.querySelectorAll(".lane").length === 6 && ${EXACT}`,
  );
  await page.evaluate(`lab.go(5)`);
  await page.until(`!lab.isBusy`);
  await page.picture(`${folder}/side-by-side.png`, true);
  const words = await page.evaluate<string>(
    `document.querySelector(".state").textContent`,
  );
  const wrong = ["first_fit", "best_fit", "worst_fit", "buddy", "glibc"]
    .filter((name) => !words.includes(name))
    .map((name) => `nothing is said of ${name}`);
  await page.evaluate(`document.querySelector("textarea").value = "a 0 x"`);
  await page.click(
    button("Simulate") + ` && ` +
      `[...document.querySelectorAll("fieldset:last-of-type button")][0]`,
  );
  await page.until(`${STATUS}.includes("typed:1: Expected")`, 20);
  return wrong;
}

async function files(page: Page, { folder }: Stage): Promise<string[]> {
  const wrong: string[] = [];
  const bad = `${folder}/none.txt`;
  Deno.writeTextFileSync(bad, "<b>this is</b> no trace\n");
  await page.evaluate(`lab.specs = ["glibc", "tlsf"]`);
  await page.drop(bad);
  await page.until(`${STATUS}.startsWith("none.txt:1: Expected")`, 20);
  const line = await page.evaluate<string>(STATUS);
  if (!line.includes("<b>this is</b>")) wrong.push(`the line is "${line}"`);
  if (line.includes("operation")) wrong.push(`after a failure: "${line}"`);
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    for (const name of ["one.rep", "two.rep"]) {
      dataTransfer.items.add(new File(["a 0 1"], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", {
      dataTransfer, bubbles: true, cancelable: true,
    }));
  })()`);
  await page.until(`${STATUS}.startsWith("Drop one file at a time")`, 20);
  await page.evaluate(`delete document.querySelector("main").dataset.exact`);
  await page.drop(await Deno.realPath("data/traces/python.rep.gz"));
  await page.until(`${EXACT} && lab.time.operations > 1000`);
  await page.until(`!lab.isBusy`);
  await page.picture(`${folder}/two-lanes.png`, true);
  const lesson = await page.evaluate<string>(
    `document.querySelector(".lesson").textContent`,
  );
  if (lesson !== "") wrong.push(`the lesson still says "${lesson}"`);
  const lanes = await page.evaluate<number>(
    `document.querySelectorAll(".lane canvas").length`,
  );
  if (lanes < 2) wrong.push(`${lanes} pictures of two lanes`);
  const head = await page.evaluate<string>(
    `document.querySelector(".state table").textContent`,
  );
  if (!head.includes("difference")) wrong.push("no difference is told");
  return wrong;
}

async function links(page: Page, { address }: Stage): Promise<string[]> {
  const link = "#workload=random_churn&set=steps%3D3000&seed=5" +
    "&allocators=best_fit,glibc&op=1234";
  await page.open(`${address}${link}`);
  await page.until(`${EXACT} && lab.op === 1234 && !lab.isBusy`);
  await page.evaluate(`lab.setX({ from: 1000, to: 2000 })`);
  await page.evaluate(`lab.go(1300)`);
  await page.until(`!lab.isBusy && location.hash.includes("op=1300")`);
  const seen = `JSON.stringify([lab.op, lab.specs, lab.time.x,
    document.querySelector(".state .words").textContent])`;
  const before = await page.evaluate<string>(seen);
  const hash = await page.evaluate<string>("location.hash");
  await page.open(`${address}${hash}`);
  await page.until(`${EXACT} && lab.op === 1300 && !lab.isBusy`);
  await page.until(`document.querySelector(".state .words")`);
  const after = await page.evaluate<string>(seen);
  const wrong = before === after ? [] : [`${before} became ${after}`];
  const cell = labHref("map_churn", {
    allocator: "tlsf",
    parameters: "elements=100;erase=random;keys=random;strings=none",
    seed: "3",
  });
  await page.open(address + cell.slice(cell.indexOf("#")));
  await page.until(`${EXACT} && !lab.isBusy && lab.specs[0] === "tlsf"`);
  const count = await page.evaluate<number>("lab.time.operations");
  if (count !== 300) wrong.push(`the cell has ${count} operations, not 300`);
  return wrong;
}

async function keyboard(page: Page, { folder }: Stage): Promise<string[]> {
  const wrong: string[] = [];
  const focus = `document.activeElement.className`;
  const stops: string[] = [];
  await page.evaluate(`lab.go(10)`);
  for (let i = 0; i < 60; i++) {
    await page.press("Tab");
    const [name, outline, label] = await page.evaluate<string[]>(`(() => {
      const one = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const label = one.getAttribute("aria-label") ?? one.textContent ??
        one.labels?.[0]?.textContent;
      return [one.tagName + "." + one.className, outlineStyle + outlineWidth,
        label || one.labels?.[0]?.textContent || ""];
    })()`);
    if (name!.startsWith("BODY")) break;
    if (/^none|0px$/.test(outline!)) wrong.push(`${name} shows no focus`);
    if (!label) wrong.push(`${name} has no name`);
    stops.push(name!);
    if (await page.evaluate(`${focus} === "map"`)) break;
  }
  if (!stops.some((name) => name.endsWith(".map"))) {
    return [...wrong, `Tab does not reach the map: ${stops}`];
  }
  const op = () => page.evaluate<number>("lab.op");
  const from = await op();
  await page.press("ArrowRight");
  if (await op() !== from + 1) wrong.push("right is no step forth");
  await page.press("ArrowLeft");
  if (await op() !== from) wrong.push("left is no step back");
  const width = "lab.time.x.to - lab.time.x.from";
  const all = await page.evaluate<number>(width);
  await page.press("+");
  if (await page.evaluate<number>(width) >= all) wrong.push("+ zooms not");
  await page.press("Escape");
  if (await page.evaluate<number>(width) !== all) wrong.push("Escape fails");
  await page.press("End");
  const end = await page.evaluate<number>("lab.time.operations");
  await page.until(
    `[...document.querySelectorAll("[aria-live]")].some(({ textContent }) =>
      textContent.includes("after operation ${end},"))`,
    10,
  ).catch(() => wrong.push("nobody who listens hears of the end"));
  await page.picture(`${folder}/keyboard.png`);
  return wrong;
}

/** What is offered as a file is kept by the page instead. */
const KEPT = `(() => {
  globalThis.kept = [];
  const made = URL.createObjectURL;
  URL.createObjectURL = (blob) => (kept.push(blob), made(blob));
  HTMLAnchorElement.prototype.click = () => {};
})()`;

/** How many rows of pixels have ink within so many pixels from the top of a picture. */
const INKED = `(async (blob, height) => {
  const picture = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(picture.width, height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, height);
  const pixels = new Uint32Array(data.buffer);
  const rows = Array.from({ length: height }, (_, y) =>
    pixels.subarray(y * picture.width, (y + 1) * picture.width));
  return rows.filter((row) => row.some((p) => p !== row[0])).length;
})`;

async function saved(page: Page, { address }: Stage): Promise<string[]> {
  const wrong: string[] = [];
  await page.open(
    `${address}#workload=random_churn&set=steps%3D30000&seed=5` +
      "&allocators=glibc,first_fit",
  );
  await page.until(`${EXACT} && lab.time.operations > 50000 && !lab.isBusy`);
  await page.evaluate(KEPT);
  await page.click(button("Save blocks as CSV"));
  await page.until(`kept.length === 1`, 20);
  const rows = await page.evaluate<number>(
    `kept[0].text().then((text) => text.trimEnd().split("\\n").length - 1)`,
  );
  if (rows !== 2 * 31_000) wrong.push(`${rows} blocks in the CSV`);
  await page.click(button("Save picture"));
  await page.until(`kept.length === 2`, 20);
  const inked = await page.evaluate<number>(`${INKED}(kept[1], 60)`);
  if (inked < 10) wrong.push(`the title has ${inked} rows of pixels`);
  return wrong;
}

async function narrow(page: Page, { folder }: Stage): Promise<string[]> {
  const wrong: string[] = [];
  for (const dark of [false, true]) {
    for (const width of [400, 1400]) {
      const name = `${dark ? "dark" : "light"}-${width}`;
      await page.look({ width, height: 900, dark });
      await page.evaluate(`lab.redraw()`);
      await page.until(EXACT);
      await page.picture(`${folder}/${name}.png`, true);
      const [wide, paper] = await page.evaluate<[number, string]>(
        `[document.documentElement.scrollWidth,
          getComputedStyle(document.body).backgroundColor]`,
      );
      if (wide > width) wrong.push(`${name}: ${wide} pixels wide`);
      const [red = 255] = paper.match(/\d+/g)?.map(Number) ?? [];
      if (dark !== red < 100) wrong.push(`${name}: the paper is ${paper}`);
    }
  }
  return wrong;
}
