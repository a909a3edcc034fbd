/**
 * `deno task screenshots [folder]`: looks at the page and the figures of a
 * folder of results, by default data/results, in chromium as Debian has it, and
 * leaves what it sees in `screenshots/` of that folder: the beginning of the
 * page, wide and narrow, light and dark, and contact sheets of all figures.
 *
 * Fails unless all figures are loaded at their size, text stands out from the
 * page, nothing is wider than the screen or cut off, no label of a figure lies
 * over another, and the page's filter and sorting work.
 *
 * The browser is told by its command line what to do. What is looked at lies in
 * a frame, because a window is never narrower than 500 pixels; a script in a
 * copy of it tells the frame's page what it found.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Found, PAGE_SCRIPT, SHEET_SCRIPT, TOLD } from "./look.ts";
import { taskArguments } from "./task.ts";

/** Least contrast of text (WCAG 2, level AA). */
const CONTRAST = 4.5;
/** Most seconds of a browser. */
const PATIENCE = 40;
/** Choices of a reader, as Blink numbers them. */
const SCHEMES = { light: 1, dark: 0 };
type Scheme = keyof typeof SCHEMES;
/** How the page is looked at: scheme, width, pixels of its beginning. */
const VIEWS = [
  ["light", 1400, 5000],
  ["dark", 1400, 5000],
  ["light", 400, 6000],
] as const;
/** Contact sheets: name, scheme, which figures, width of a column, columns. */
const SHEETS = [
  ["contact-light", "light", "", 840, 4],
  ["contact-dark", "dark", "", 840, 4],
  ["contact-narrow", "light", ".narrow", 360, 9],
] as const;
/** Pixels of a contact sheet per pixel of a figure. */
const ZOOM = 0.5;

/** Runs chromium to its end; what it printed. */
async function chromium(
  folder: string,
  scheme: Scheme,
  ...words: string[]
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("chromium", {
    args: [
      "--headless",
      "--no-sandbox", // which root, as in a container, cannot have
      "--disable-gpu",
      "--hide-scrollbars",
      "--allow-file-access-from-files",
      `--user-data-dir=${folder}/.profile`,
      `--blink-settings=preferredColorScheme=${SCHEMES[scheme]}`,
      ...words,
    ],
    signal: AbortSignal.timeout(1000 * PATIENCE),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new Error(`chromium failed: ${text(stderr)}`);
}

/** Looks at the file `shown` in a frame of `width`; takes a picture of it. */
async function look(
  folder: string,
  { shown, scheme, width, height, picture }: {
    shown: string;
    scheme: Scheme;
    width: number;
    /** Undefined: all of it. */
    height?: number;
    picture: string;
  },
): Promise<Found> {
  const frame = `${shown}.frame.html`;
  const write = (height: number) =>
    Deno.writeTextFileSync(
      frame,
      `<!DOCTYPE html><body style="margin:0"><script>
addEventListener("message", ({data}) => { document.title = data; });
</script><iframe src="${
        pathToFileURL(shown).href
      }" style="border:0;display:block"
width="${width}" height="${height}"></iframe>`,
    );
  const address = pathToFileURL(frame).href;
  try {
    write(900);
    const page = await chromium(folder, scheme, "--dump-dom", address);
    const told = page.split(TOLD)[1];
    if (told === undefined) throw new Error(`${shown} tells nothing`);
    const found: Found = JSON.parse(
      told.replaceAll("&quot;", '"').replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
    );
    const tall = Math.min(height ?? Infinity, found.height);
    write(tall);
    const size = `--window-size=${Math.max(width, 500)},${tall}`;
    const to = `--screenshot=${folder}/${picture}`;
    await chromium(folder, scheme, size, to, address);
    return found;
  } finally {
    Deno.removeSync(frame);
  }
}

function check(found: Found, width: number, scheme: Scheme): void {
  const faults = [...found.faults];
  if (found.figures === 0) faults.push("no figure is shown");
  if (found.width !== width) faults.push(`${found.width} pixels wide`);
  if (found.contrast < CONTRAST) {
    faults.push(`contrast of text is ${found.contrast}`);
  }
  if (found.dark !== (scheme === "dark")) faults.push(`not ${scheme}`);
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/** The page of `results`. */
async function page(results: string, folder: string): Promise<void> {
  const copy = `${results}/.screenshots.html`;
  const text = Deno.readTextFileSync(`${results}/index.html`);
  const script = `<script>${PAGE_SCRIPT}</script></body>`;
  Deno.writeTextFileSync(copy, text.replace("</body>", () => script));
  try {
    for (const [scheme, width, height] of VIEWS) {
      const picture = `page-${scheme}-${width}.png`;
      const view = { shown: copy, scheme, width, height, picture };
      const found = await look(folder, view);
      console.log(
        `${folder}/${picture}: ${found.figures} figures, contrast of text ` +
          `${found.contrast.toFixed(1)} or more, ${found.height} pixels high`,
      );
      check(found, width, scheme);
    }
  } finally {
    Deno.removeSync(copy);
  }
}

/** All figures of `results`, beside each other. */
async function contactSheets(results: string, folder: string): Promise<void> {
  const all = [...Deno.readDirSync(`${results}/figures`)]
    .map(({ name }) => name).sort();
  for (const [name, scheme, suffix, column, columns] of SHEETS) {
    const figures = all.filter((file) =>
      file.endsWith(".svg") &&
      file.endsWith(".narrow.svg") === (suffix === ".narrow")
    ).map((file) =>
      `<figure><figcaption>${file}</figcaption>${
        Deno.readTextFileSync(`${results}/figures/${file}`)
      }</figure>`
    );
    const sheet = `${results}/.${name}.html`;
    Deno.writeTextFileSync(
      sheet,
      `<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme"
content="light dark"><style>body{margin:0;zoom:${ZOOM};columns:${columns};column-gap:8px}
figure{margin:0 0 8px;break-inside:avoid;width:${column}px;background:#8884}
svg{display:block}figcaption{font:14px sans-serif}</style>${figures.join("")}
<script>${SHEET_SCRIPT}</script>`,
    );
    try {
      const width = ZOOM * (columns * (column + 8) - 8);
      const picture = `${name}.png`;
      const view = { shown: sheet, scheme, width, picture };
      const found = await look(folder, view);
      console.log(`${folder}/${picture}: ${found.figures} figures`);
      check(found, width, scheme);
    } finally {
      Deno.removeSync(sheet);
    }
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const [given] = taskArguments({
  name: "screenshots",
  summary: "Looks at a page of results in chromium, light and dark",
  usage: "[FOLDER]",
  most: 1,
}).names;
const results = resolve(
  Deno.env.get("INIT_CWD") ?? ".",
  given ?? new URL("../data/results", import.meta.url).pathname,
);
const folder = `${results}/screenshots`;
if (!exists(`${results}/index.html`)) {
  console.error(`There is no page in ${results}: run some experiments first`);
  Deno.exit(1);
}
Deno.mkdirSync(folder, { recursive: true });
try {
  await page(results, folder);
  await contactSheets(results, folder);
} finally {
  Deno.removeSync(`${folder}/.profile`, { recursive: true });
}
