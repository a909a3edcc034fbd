/**
 * The page as one file: style, code and traces stand in it, and nothing is
 * loaded from elsewhere.
 *
 * @module
 */
import { STYLE } from "./style.ts";

/** What goes into the page. */
export interface Parts {
  /** The code of the page and of its worker. */
  page: string;
  worker: string;
  /** Traces, what they request, and as they are in their files, in base64. */
  traces: readonly {
    name: string;
    holds: "bytes" | "pages";
    base64: string;
  }[];
}

const POLICY = "default-src 'none'; script-src 'unsafe-inline' blob:; " +
  "style-src 'unsafe-inline'; worker-src blob:; img-src data: blob:";

/** The text of the file. */
export function pageOf({ page, worker, traces }: Parts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Fraglab lab</title>
<style>
${STYLE}</style>
</head>
<body>
<div id="lab"></div>
<noscript>The lab needs JavaScript: it simulates in the browser.</noscript>
${traces.map(traceElement).join("")}
<script type="text/plain" id="worker">${inScript(worker)}</script>
<script>${inScript(page)}</script>
</body>
</html>
`;
}

function traceElement(
  { name, holds, base64 }: Parts["traces"][number],
): string {
  const safe = name.replace(
    /[&"<>]/g,
    (c) => `&#${c.charCodeAt(0)};`,
  );
  return `<script type="text/plain" class="trace" data-name="${safe}" data-holds="${holds}">${base64}</script>\n`;
}

/** Code that cannot end the element it stands in. */
function inScript(code: string): string {
  return code.replace(/<(?=\/script|!--)/gi, "\\x3c");
}
