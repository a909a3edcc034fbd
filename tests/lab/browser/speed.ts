/**
 * How long people wait: for the first picture, for the exact one, for the heap
 * at another instant; and how smoothly the picture follows the hand.
 *
 * Where other programs work at the same time, waiting tells little: processor
 * time, of page and worker together, stands beside it.
 *
 * @module
 */
import type { Page } from "./devtools.ts";
import {
  atMost,
  type Finding,
  median,
  type Proof,
  quantile,
  type Stage,
} from "./proof.ts";
import { churn, saved } from "./traces.ts";

const SPEC = "glibc";
const MIB = 2 ** 20;
/** Seconds after which a page is measured although it still works. */
const REST = 60;

/** Bars for traces of a length; milliseconds. */
interface Bars {
  operations: number;
  /** Times what the command line takes. */
  first: number;
  refresh: number;
  jump: number;
  rounds: number;
}
const MILLION: Bars = {
  operations: 1e6,
  first: 1.5,
  refresh: 150,
  jump: 100,
  rounds: 3,
};
const TEN_MILLION: Bars = {
  operations: 1e7,
  first: 2,
  refresh: 600,
  jump: 200,
  rounds: 1,
};

/** The proofs. */
export const speed: Proof = {
  name: "speed",
  summary: "10^6 operations: first picture, frames, refreshes, jumps",
  run: (stage) =>
    measured(stage, stage.short ? { ...MILLION, rounds: 1 } : MILLION),
};
export const length: Proof = {
  name: "length",
  summary: "10^7 operations: the same, and memory; not in the short form",
  run: (stage) =>
    stage.short ? Promise.resolve([]) : measured(stage, TEN_MILLION),
};

async function measured(stage: Stage, bars: Bars): Promise<Finding[]> {
  const { browser, address, folder } = stage;
  const { operations } = bars;
  const size = `10^${Math.log10(operations)}`;
  const path = await saved(churn(operations), folder, `churn-${size}`);
  const pairs: [page: number, line: number][] = [];
  let page: Page | undefined;
  for (let round = 0; round < bars.rounds; round++) {
    await page?.close();
    const line = await commandLine(folder, path);
    page = await browser.page({ width: 1400, height: 900 });
    await page.open(address);
    await page.until(`document.querySelector("main").dataset.exact === "true"`);
    pairs.push([await firstPicture(page, path, operations), line]);
  }
  const shown = page!;
  const first = median(pairs.map(([page]) => page));
  const line = median(pairs.map(([, line]) => line));
  const ratio = median(pairs.map(([page, line]) => page / line));
  const frames = await dragged(shown);
  const scrubs = await scrubbed(shown);
  await shown.evaluate(`lab.showAll()`);
  await browser.rest(REST); // until snapshots are taken
  const begun = await browser.processorTime();
  const refreshes = await refreshed(shown, stage.short ? 8 : 30);
  const between = await browser.processorTime();
  const jumps = await jumped(shown, stage.short ? 60 : 200);
  const ended = await browser.processorTime();
  const memory = await shown.memory();
  await shown.picture(`${folder}/churn-${size}.png`);
  await shown.close();
  const findings = [
    atMost(
      `${size}: drop to first picture (${first.toFixed(0)} ms) over the ` +
        `command line (${line.toFixed(0)} ms)`,
      ratio,
      bars.first,
      "times",
    ),
    atMost(`${size}: frame while dragging, median`, median(frames), 17, "ms"),
    atMost(
      `${size}: frame while dragging, 99 %`,
      quantile(frames, 0.99),
      30,
      "ms",
    ),
    atMost(`${size}: frame while scrubbing, median`, median(scrubs), 17, "ms"),
    atMost(
      `${size}: frame while scrubbing, 99 %`,
      quantile(scrubs, 0.99),
      30,
      "ms",
    ),
    atMost(
      `${size}: exact picture after zoom, median`,
      median(refreshes),
      bars.refresh,
      "ms",
    ),
    atMost(
      `${size}: the same, processor time, mean`,
      (between - begun) / refreshes.length,
      bars.refresh,
      "ms",
    ),
    atMost(
      `${size}: random jump, 95 %`,
      quantile(jumps, 0.95),
      bars.jump,
      "ms",
    ),
    atMost(
      `${size}: the same, processor time, mean`,
      (ended - between) / jumps.length,
      bars.jump,
      "ms",
    ),
  ];
  const bar = operations > 1e6 ? 700 : Infinity;
  if (bar < Infinity) {
    findings.push(atMost(`${size}: memory`, memory / MIB, bar, "MiB"));
  }
  return findings;
}

/** Milliseconds in which the command line replays `path`, from its start on. */
async function commandLine(folder: string, path: string): Promise<number> {
  const out = `${folder}/replay`;
  const begun = performance.now();
  const { success, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--v8-flags=--max-inlined-bytecode-size-cumulative=3000",
      "--allow-read",
      `--allow-write=${folder}`,
      "--allow-env=INIT_CWD,NO_COLOR",
      "experiments/main.ts",
      "replay",
      path,
      "--allocator",
      SPEC,
      "--out",
      out,
    ],
  }).output();
  const time = performance.now() - begun;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  Deno.removeSync(out, { recursive: true });
  return time;
}

/** Milliseconds from the drop of `path` to the exact picture on the screen. */
async function firstPicture(
  page: Page,
  path: string,
  operations: number,
): Promise<number> {
  await page.evaluate(`(() => {
    lab.specs = ["${SPEC}"];
    const main = document.querySelector("main");
    delete main.dataset.exact;
    globalThis.firstPicture = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        const isThat = lab.time.operations > ${0.9 * operations};
        if (!isThat || main.dataset.exact !== "true") return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - droppedAt));
      }).observe(main, { attributes: true });
    });
  })()`);
  await page.drop(path);
  return await page.evaluate<number>("firstPicture");
}

/** Begins to write down how long frames take; an expression that ends it. */
const FRAMES = `globalThis.frames = [];
  globalThis.framing = true;
  let last;
  requestAnimationFrame(function note(now) {
    if (last !== undefined) frames.push(now - last);
    last = now;
    if (framing) requestAnimationFrame(note);
  });`;

async function framesOf(page: Page, act: () => Promise<void>) {
  await page.evaluate(`(() => { ${FRAMES} })()`);
  await act();
  await page.evaluate(`framing = false`);
  return await page.evaluate<number[]>(`frames.slice(2)`);
}

const SETTLED = `document.querySelector("main").dataset.exact === "true"`;
/** Moves of the hand, one a frame. */
const MOVES = 120;

/** Zooms in and drags the map about. */
async function dragged(page: Page): Promise<number[]> {
  await page.evaluate(`(() => {
    document.querySelector(".map").scrollIntoView({ block: "center" });
    const { from, to } = lab.time.all;
    lab.setX({ from: to / 4, to: to / 2 });
  })()`);
  await page.until(SETTLED);
  const [x, y] = await page.evaluate<[number, number]>(`(() => {
    const { left, top, width, height } =
      document.querySelector(".map").getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  })()`);
  const frames = await framesOf(page, async () => {
    const more = { button: "left", buttons: 1, clickCount: 1 };
    await page.pointer("mousePressed", x, y, more);
    for (let i = 0; i < MOVES; i++) {
      const dx = 200 * Math.sin(i / 15);
      await page.pointer("mouseMoved", x + dx, y, more);
      await new Promise((resolve) => setTimeout(resolve, 12));
    }
    await page.pointer("mouseReleased", x, y, more);
  });
  await page.until(SETTLED);
  return frames;
}

/** Pulls the scrubber. */
async function scrubbed(page: Page): Promise<number[]> {
  return await framesOf(page, async () => {
    for (let i = 0; i < MOVES; i++) {
      await page.evaluate(`(() => {
        const scrubber = document.querySelector(".scrubber");
        scrubber.value = scrubber.max * ${(i / MOVES).toFixed(4)};
        scrubber.dispatchEvent(new Event("input"));
      })()`);
      await new Promise((resolve) => setTimeout(resolve, 12));
    }
  });
}

/** Milliseconds from each of some zooms to the exact picture. */
async function refreshed(page: Page, times: number): Promise<number[]> {
  return await page.evaluate<number[]>(`(async () => {
    const main = document.querySelector("main");
    const { to } = lab.time.all;
    const times = [];
    for (let i = 0; i < ${times}; i++) {
      const width = to / (1 + i % 8);
      const from = (to - width) * (i * 0.37 % 1);
      const exact = new Promise((resolve) => {
        new MutationObserver((_, observer) => {
          if (main.dataset.exact !== "true") return;
          observer.disconnect();
          requestAnimationFrame(resolve);
        }).observe(main, { attributes: true });
      });
      const begun = performance.now();
      lab.setX({ from, to: from + width });
      await exact;
      times.push(performance.now() - begun);
    }
    return times;
  })()`);
}

/** Milliseconds from each of some jumps to the heap at that instant. */
async function jumped(page: Page, times: number): Promise<number[]> {
  return await page.evaluate<number[]>(`(async () => {
    const times = [];
    let seed = 1;
    for (let i = 0; i < ${times}; i++) {
      seed = seed * 48271 % 2147483647;
      const begun = performance.now();
      lab.go(Math.floor(seed / 2147483647 * lab.time.operations));
      while (lab.isBusy) await new Promise((resolve) => setTimeout(resolve, 4));
      times.push(performance.now() - begun);
    }
    return times;
  })()`);
}
