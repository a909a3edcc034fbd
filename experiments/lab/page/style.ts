/**
 * How the page looks: calm, dense, light and dark by the system.
 *
 * @module
 */

/** The style sheet. */
export const STYLE = `:root {
  --paper: #fafaf8; --ink: #1d2126; --soft: #5b626b; --line: #d5d8dc;
  --panel: #ffffff; --accent: #005a9c;
  --c1: #0072b2; --c2: #c25400; --c3: #007a5a;
  --live: #0072b2; --on-live: #ffffff;
  --cached: #e69f00; --on-cached: #1d2126;
  --free: #e0e2e4; --on-free: #3c434b;
  --meta: #cc79a7; --on-meta: #1d2126;
  --foreign: #96989c; --on-foreign: #14171a;
  --right: #006b4f; --wrong: #a83200;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121418; --ink: #e6e8eb; --soft: #a3abb5; --line: #343a42;
    --panel: #1a1d22; --accent: #7cc0f2;
    --c1: #56b4e9; --c2: #f08c3c; --c3: #32be91;
    --live: #56b4e9; --on-live: #0b1014;
    --cached: #e69f00; --on-cached: #14171a;
    --free: #2e3238; --on-free: #c3c9d0;
    --meta: #cc79a7; --on-meta: #14171a;
    --foreign: #62666e; --on-foreign: #ffffff;
    --right: #4fd1a5; --wrong: #ff9d6e;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
#lab, #keys { max-width: 1800px; margin: 0 auto; padding: 0 16px; }
header { display: flex; gap: 16px; align-items: baseline; flex-wrap: wrap; padding-top: 10px; }
h1 { font-size: 17px; margin: 0; }
h2 { font-size: 14px; margin: 8px 0 4px; overflow-wrap: anywhere; }
h3 { font-size: 13px; margin: 0; color: var(--soft); overflow-wrap: anywhere; }
p { margin: 4px 0; }
.status { flex: 1; min-width: 16em; min-height: 1.45em; color: var(--soft); overflow-wrap: anywhere; }
.hint { color: var(--soft); font-size: 12px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.progress { display: flex; gap: 8px; align-items: center; min-height: 4px; }
progress { width: 240px; accent-color: var(--accent); }
main { display: grid; grid-template-columns: minmax(0, 2.4fr) minmax(300px, 1fr); gap: 20px; }
.panel { border: 1px solid var(--line); border-radius: 6px; background: var(--panel); padding: 6px 12px; margin: 8px 0; }
summary { cursor: pointer; padding: 3px 0; font-weight: 600; }
.plot { display: flex; gap: 4px; }
.map {
  position: relative; flex: 1; min-width: 0; height: 300px; overflow: hidden;
  border: 1px solid var(--line); border-radius: 3px; cursor: crosshair; touch-action: none;
}
.map canvas { display: block; width: 100%; height: 300px; transform-origin: 0 0; image-rendering: pixelated; }
.plot .pages { width: 12px; height: 300px; border: 1px solid var(--line); border-radius: 3px; image-rendering: pixelated; }
.cursor { position: absolute; top: 0; bottom: 0; width: 0; border-left: 1.5px solid var(--ink); opacity: 0.75; pointer-events: none; }
.labels { pointer-events: none; font-size: 11px; }
.labels span { position: absolute; left: 4px; padding: 0 3px; background: color-mix(in srgb, var(--paper) 82%, transparent); }
.labels .top { top: 2px; } .labels .bottom { bottom: 2px; }
.labels .height { left: auto; right: 4px; top: 2px; }
.labels .fold { left: auto; right: 4px; border-bottom: 1px dashed var(--soft); }
figure { margin: 6px 16px 0 0; }
figcaption { display: flex; gap: 12px; font-size: 12px; flex-wrap: wrap; }
figcaption i { display: inline-block; width: 14px; height: 3px; margin-right: 4px; vertical-align: middle; }
figcaption span, .legend span { white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-right: 4px; border: 1px solid var(--line); border-radius: 2px; vertical-align: -2px; }
.legend span { max-width: 34em; overflow: hidden; text-overflow: ellipsis; }
.strip canvas { display: block; width: 100%; height: 110px; border-bottom: 1px solid var(--line); }
.axis { position: relative; height: 20px; margin-right: 16px; font-size: 11px; color: var(--soft); overflow: hidden; }
.axis span, .axis b { position: absolute; transform: translateX(-50%); }
.axis b { color: var(--ink); top: -3px; }
.scrubber { width: 100%; accent-color: var(--accent); margin: 6px 0; }
.tools { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 6px 0; }
.tools form { display: flex; gap: 4px; }
button, select, input, textarea {
  font: inherit; color: inherit; background: var(--panel);
  border: 1px solid var(--line); border-radius: 4px; padding: 3px 8px; max-width: 100%;
}
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
button:disabled { color: var(--soft); cursor: default; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 1px; }
label { display: inline-flex; gap: 6px; align-items: center; }
.setup { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
fieldset { border: 1px solid var(--line); border-radius: 4px; min-width: 0; max-width: 420px; }
fieldset button { margin: 4px 4px 0 0; }
.fields { display: flex; flex-wrap: wrap; gap: 6px 12px; margin: 6px 0; max-width: 420px; }
textarea { width: 100%; font-family: ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; margin: 6px 0; }
th, td { text-align: right; padding: 2px 6px; border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--soft); }
th:first-child { text-align: left; }
th:first-child { white-space: nowrap; overflow-wrap: normal; }
.scroll { max-height: 320px; overflow: auto; }
.state { min-width: 0; }
.request { font-weight: 600; overflow-wrap: anywhere; }
.words { min-height: 5em; display: grid; gap: 8px; }
.rows { display: block; width: 100%; cursor: pointer; }
.chosen { border-left: 3px solid var(--accent); padding-left: 8px; overflow-wrap: anywhere; }
.lesson { max-width: 70ch; font-size: 15px; }
.right { color: var(--right); } .wrong, .failure { color: var(--wrong); }
@media (max-width: 900px) { main { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 500px) {
  #lab, #keys { padding: 0 8px; }
  .map, .map canvas, .plot .pages { height: 220px; }
  figure, .axis { margin-right: 0; }
}
@media (prefers-reduced-motion: no-preference) { button { transition: border-color 0.1s; } }
`;
