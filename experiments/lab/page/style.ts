/**
 * How the page looks: calm, dense, light and dark by the system.
 *
 * @module
 */

/** The style sheet. */
export const STYLE = `:root {
  --paper: #fafaf8; --ink: #1d2126; --soft: #5b626b; --line: #d5d8dc;
  --panel: #ffffff; --accent: #005a9c;
  --c1: #0072b2; --c2: #c25400; --c3: #007a5a; --c4: #a5487f;
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
    --c1: #56b4e9; --c2: #f08c3c; --c3: #32be91; --c4: #d68cb8;
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
#lab { max-width: 1800px; margin: 0 auto; padding: 0 16px; }
header { display: flex; gap: 4px 16px; align-items: center; flex-wrap: wrap; padding-top: 10px; }
h1 { font-size: 17px; margin: 0; }
h2 { font-size: 14px; margin: 8px 0 4px; overflow-wrap: anywhere; }
.title { display: flex; gap: 10px; align-items: baseline; flex-wrap: wrap; }
.skip { position: absolute; left: -999px; top: 4px; z-index: 4; background: var(--panel); padding: 4px 8px; }
.skip:focus { left: 8px; }
h3 { font-size: 14px; margin: 0; overflow-wrap: anywhere; }
p { margin: 4px 0; }
.status { flex: 1; min-width: 12em; color: var(--soft); overflow-wrap: anywhere; }
p.status { min-height: 1.45em; margin: 0; }
.notice { border-left: 3px solid var(--c2); padding-left: 8px; }
.hint { color: var(--soft); font-size: 12px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.progress { display: flex; gap: 8px; align-items: center; }
progress { width: 180px; accent-color: var(--accent); }
main { display: grid; grid-template-columns: minmax(0, 2fr) minmax(340px, 1fr); gap: 20px; }
main.many { grid-template-columns: minmax(0, 1fr); gap: 8px; }
.many .state { order: -1; display: flex; flex-direction: column-reverse; gap: 8px; }
.many .lanes, .many .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 8px 20px; }
.transport {
  position: sticky; top: 0; z-index: 3; display: flex; gap: 6px; align-items: center; flex-wrap: wrap;
  background: var(--paper); border-bottom: 1px solid var(--line); padding: 6px 0;
}
.transport output { min-width: 9em; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; list-style: none; padding: 0; margin: 6px 0; font-size: 12px; }
.legend li { overflow-wrap: anywhere; }
.legend .cells { display: inline-block; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-right: 5px; vertical-align: -1px; border: 1px solid var(--soft); border-radius: 2px; }
.card { border-top: 1px solid var(--line); padding: 8px 0; min-width: 0; contain: layout; }
.panel { border: 1px solid var(--line); border-radius: 6px; background: var(--panel); padding: 6px 12px; margin: 8px 0; }
summary { cursor: pointer; padding: 3px 0; font-weight: 600; }
.plot { display: flex; gap: 4px; }
.map {
  position: relative; flex: 1; min-width: 0; height: 300px; overflow: hidden;
  border: 1px solid var(--line); border-radius: 3px; cursor: crosshair; touch-action: none;
}
.map canvas { display: block; width: 100%; height: 300px; transform-origin: 0 0; image-rendering: pixelated; }
.plot .pages { width: 12px; height: 300px; border: 1px solid var(--line); border-radius: 3px; image-rendering: pixelated; }
.cursor { /* moved without a new layout */
  position: absolute; inset: 0; will-change: transform; pointer-events: none; border-left: 1.5px solid var(--ink);
  background: linear-gradient(color-mix(in srgb, var(--ink) 14%, transparent) 0 0) 0 0 / 0 100% no-repeat;
}
.many .map, .many .map canvas, .many .plot .pages { height: 150px; }
.labels { pointer-events: none; font-size: 11px; }
.labels span { position: absolute; left: 4px; padding: 0 3px; background: color-mix(in srgb, var(--paper) 82%, transparent); }
.labels .top { top: 2px; } .labels .bottom { bottom: 2px; }
.labels .height { left: 50%; top: 2px; translate: -50%; }
.labels .fold { left: auto; right: 4px; font-size: 10px; border-bottom: 1px dashed var(--soft); }
figure { margin: 6px 16px 0 0; }
figcaption { display: flex; gap: 12px; font-size: 12px; flex-wrap: wrap; overflow-wrap: anywhere; }
figcaption i { display: inline-block; width: 16px; border-top: 3px solid; margin-right: 4px; vertical-align: middle; }
figcaption i.dashed { border-top-style: dashed; }
.curves { position: relative; overflow: clip; }
.strip canvas { cursor: ew-resize; touch-action: pan-y; }
.strip canvas { display: block; width: 100%; height: 110px; border-bottom: 1px solid var(--line); }
.axis { position: relative; contain: strict; height: 28px; margin-right: 16px; font-size: 11px; color: var(--soft); overflow: hidden; }
.axis span { position: absolute; top: 9px; white-space: nowrap; }
.axis b { position: absolute; transform: translateX(-50%); }
.axis b { color: var(--ink); top: -3px; }
.scrubber { flex: 1; min-width: 10em; accent-color: var(--accent); padding: 0; }
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
.setup { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 12px; align-items: start; }
fieldset { border: 1px solid var(--line); border-radius: 4px; min-width: 0; margin: 0; }
legend { font-weight: 600; padding: 0 4px; }
input[type="file"] { width: 100%; }
fieldset button { margin: 4px 4px 0 0; }
.fields { display: grid; grid-template-columns: max-content minmax(8em, 1fr); gap: 6px 10px; margin: 6px 0; align-items: center; }
.fields .hint { grid-column: 1 / -1; margin: -5px 0 2px; }
textarea { width: 100%; font-family: ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; margin: 6px 0; }
th, td { text-align: right; padding: 2px 6px; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
thead th { color: var(--soft); white-space: normal; overflow-wrap: anywhere; }
th:first-child { text-align: left; }
details.lists th:first-child, details.lists td:last-child { white-space: normal; }
thead th.word { overflow-wrap: normal; }
.scroll { max-height: 320px; overflow: auto; contain: content; }
.state { min-width: 0; }
.state > .scroll { max-height: none; }
.request { font-weight: 600; overflow-wrap: anywhere; }
.words { min-height: 4.6em; }
.slabs { list-style: none; padding: 0; margin: 4px 0; font-size: 12.5px; }
.slabs li { margin: 0 0 5px; overflow-wrap: anywhere; }
/* Out of sight, below the first ones of a list that scrolls. */
.slabs li:nth-child(n + 12) { content-visibility: auto; contain-intrinsic-size: auto 32px; }
.slabs .served { border-left: 3px solid var(--accent); padding-left: 6px; }
.cells { display: block; font: 10px/13px ui-monospace, monospace; overflow-wrap: anywhere; }
.cells span { letter-spacing: 1px; padding: 1px 0 1px 1px; margin-right: 1px; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.cells .live { background: var(--live); color: var(--on-live); }
.cells .cached { background: var(--cached); color: var(--on-cached); }
.cells .free { background: var(--free); color: var(--on-free); }
.cells .meta { background: var(--meta); color: var(--on-meta); }
.cells .foreign { background: var(--foreign); color: var(--on-foreign); }
.cells .type1 { background: var(--c1); color: var(--paper); }
.cells .type2 { background: var(--c2); color: var(--paper); }
.cells .type3 { background: var(--c3); color: var(--paper); }
.cells .type4 { background: var(--c4); color: var(--paper); }
.rows { display: block; width: 100%; cursor: pointer; }
.keys td, .keys th { text-align: left; white-space: normal; }
.chosen { border-left: 3px solid var(--accent); padding-left: 8px; overflow-wrap: anywhere; }
.lesson { max-width: 70ch; font-size: 15px; }
.right { color: var(--right); } .wrong, .failure { color: var(--wrong); }
.cards .tools { margin: 4px 0; }
@media (max-width: 900px) { main { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 500px) {
  #lab { padding: 0 8px; }
  .map, .map canvas, .plot .pages { height: 220px; }
  .map { touch-action: pan-y; }
  .transport output { min-width: 0; }
  .transport .scrubber { order: -1; flex-basis: 100%; }
  figure, .axis { margin-right: 0; }
  details.lists td:last-child { white-space: nowrap; max-width: 7em; overflow: hidden; text-overflow: ellipsis; }
}
@media (prefers-reduced-motion: no-preference) { button { transition: border-color 0.1s; } }
`;
