/**
 * `deno task screenshots [folder]`: looks at the page of a folder of results,
 * by default data/results, in chromium as Debian has it, light and dark, wide
 * and narrow, and leaves what it sees in `screenshots/` of that folder. Fails
 * unless all figures are loaded, text stands out from the page and nothing is
 * wider than the window.
 *
 * The browser is told by its command line what to do, as no way to talk to it
 * goes without all permissions: a copy of the page with a script in it says in
 * its text what the script found.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Least contrast of text (WCAG 2, level AA). */
const CONTRAST = 4.5;
/** Most seconds of a browser. */
const PATIENCE = 30;
/** Pixels of a picture per pixel of the page, which is long. */
const ZOOM = 0.5;
/** Where the script leaves what it found. */
const FOUND = "found-by-screenshots";
/** Choices of a reader, as Blink numbers them. */
const SCHEMES = { light: 1, dark: 0 };
/** What is looked at: scheme and width of the window. */
const VIEWS = [["light", 1280], ["dark", 1280], ["light", 420]] as const;

/** What a page says of itself. */
interface Look {
  figures: number;
  broken: string[];
  height: number;
  overflow: number;
  contrast: number;
  dark: boolean;
}

/** Runs in the browser. */
const SCRIPT = `addEventListener("load", () => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/\\d+/g).slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const paper = luminance(getComputedStyle(all("section")[0]).backgroundColor);
  const contrasts = all("h1, h2, p, td, th, a, small, code").map((text) => {
    const ink = luminance(getComputedStyle(text).color);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  });
  const root = document.documentElement;
  const look = {
    figures: document.images.length,
    broken: all("img").filter((image) => !image.naturalWidth)
      .map((image) => image.src),
    height: root.scrollHeight,
    overflow: root.scrollWidth - root.clientWidth,
    contrast: Math.min(...contrasts),
    dark: paper < 0.2,
  };
  document.title = "${FOUND}" + JSON.stringify(look) + "${FOUND}";
});`;

/** Runs chromium to its end; what it printed. */
async function chromium(
  profile: string,
  scheme: keyof typeof SCHEMES,
  ...words: string[]
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("chromium", {
    args: [
      "--headless",
      "--no-sandbox", // which root, as in a container, cannot have
      "--disable-gpu",
      "--hide-scrollbars",
      `--user-data-dir=${profile}`,
      `--blink-settings=preferredColorScheme=${SCHEMES[scheme]}`,
      ...words,
    ],
    signal: AbortSignal.timeout(1000 * PATIENCE),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return text(stdout);
  throw new Error(`chromium failed: ${text(stderr)}`);
}

function check(look: Look, scheme: string): void {
  if (look.figures === 0) throw new Error("The page shows no figure");
  if (look.broken.length > 0) throw new Error(`Not loaded: ${look.broken}`);
  if (look.overflow > 0) {
    throw new Error(`The page is ${look.overflow} pixels too wide`);
  }
  if (look.contrast < CONTRAST) throw new Error("Text is too faint");
  if (look.dark !== (scheme === "dark")) {
    throw new Error(`The page is not ${scheme}`);
  }
}

/** Looks at the page in `results` and leaves the pictures in `folder`. */
async function shoot(results: string, folder: string): Promise<void> {
  const profile = `${folder}/.profile`;
  const copy = `${results}/.screenshots.html`;
  const page = Deno.readTextFileSync(`${results}/index.html`);
  Deno.writeTextFileSync(
    copy,
    page.replace("</head>", () => `<script>${SCRIPT}</script></head>`),
  );
  try {
    for (const [scheme, width] of VIEWS) {
      const address = pathToFileURL(copy).href;
      const size = (height: number) => `--window-size=${width},${height}`;
      const seen = await chromium(
        profile,
        scheme,
        size(900),
        "--dump-dom",
        address,
      );
      const found = seen.split(FOUND)[1]!.replaceAll("&quot;", '"');
      const look: Look = JSON.parse(found);
      const name = `${scheme}-${width}.png`;
      await chromium(
        profile,
        scheme,
        size(look.height),
        `--force-device-scale-factor=${ZOOM}`,
        `--screenshot=${folder}/${name}`,
        address,
      );
      console.log(
        `${name}: ${look.figures} figures, contrast of text ` +
          `${look.contrast.toFixed(1)} or more, ${look.height} pixels high`,
      );
      check(look, scheme);
    }
  } finally {
    Deno.removeSync(copy);
    Deno.removeSync(profile, { recursive: true });
  }
}

const results = resolve(
  Deno.env.get("INIT_CWD") ?? ".",
  Deno.args[0] ?? new URL("../data/results", import.meta.url).pathname,
);
const folder = `${results}/screenshots`;
Deno.mkdirSync(folder, { recursive: true });
await shoot(results, folder);
