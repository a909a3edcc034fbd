/**
 * The style sheet of the page, in the colours of the figures.
 *
 * @module
 */
import { FAINT, GRID, INK, PAPER } from "../figure/colours.ts";

/** Screens up to this width get one column and the narrow figures. */
export const NARROW = "47rem";
/** From this width on the table of contents stands beside. */
const WIDE = "76rem";

const colours = (i: 0 | 1) =>
  `--paper:${PAPER[i]};--ink:${INK[i]};--faint:${FAINT[i]};--line:${GRID[i]};` +
  `--desk:${["#f3f4f6", "#0d0e11"][i]};--link:${["#0a5ca8", "#6cb6ff"][i]};` +
  `--good:${["#116b3a", "#4cc38a"][i]};--bad:${["#b3261e", "#ff8a7a"][i]};` +
  `--maybe:${["#8a5a00", "#f0ad1a"][i]};`;

/** The text of the style sheet. */
export const STYLE = `:root{${colours(0)}}
@media (prefers-color-scheme:dark){:root{${colours(1)}}}
*{box-sizing:border-box}
html{scroll-padding-top:4rem}
body{margin:0 auto;max-width:86rem;padding:0 1rem;background:var(--desk);
color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
overflow-wrap:anywhere}
header,section,nav,form{background:var(--paper);border:1px solid var(--line);
border-radius:6px;margin:1rem 0;padding:.5rem 1.25rem 1rem}
h1{font-size:1.6rem;margin:.5rem 0}
h2{font-size:1.4rem;margin:2rem 0 .25rem}
h3{font-size:1.15rem;margin:.5rem 0}
h2+p{margin:0;color:var(--faint)}
a{color:var(--link)}
code{font-size:.9em}
.about,small{color:var(--faint);font-size:.85rem}
.about p{margin:.25rem 0}
figure{margin:1rem 0}
img{display:block;max-width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:1rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;
border-bottom:1px solid var(--line)}
th{color:var(--faint);font-weight:400;white-space:nowrap}
th button{all:unset;cursor:pointer;text-decoration:underline dotted}
th button:focus-visible{outline:2px solid var(--link)}
.number{text-align:right;font-variant-numeric:tabular-nums}
.claims td:first-child{white-space:nowrap}
.chip{font-weight:600}
.holds,.refuted-as-expected{color:var(--good)}
.regression{color:var(--bad)}
.holds-only-if,.not-measured{color:var(--maybe)}
.cards{display:grid;gap:1rem;padding:0;list-style:none;
grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr))}
.cards li{border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem}
.cards p{margin:.25rem 0}
.verdicts div{display:grid;grid-template-columns:11rem 1fr;margin:.35rem 0}
dd{margin:0}
nav ol,nav ul{padding-left:1.1rem;margin:.25rem 0}
nav li{margin:.2rem 0}
nav ul{font-size:.85rem}
.lab ul{max-height:16rem;overflow:auto;font-size:.9rem;padding-left:1.1rem}
summary{cursor:pointer;font-weight:600}
form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;
padding:.6rem 1.25rem;position:sticky;top:0;z-index:1}
form[hidden]{display:none}
input,select{font:inherit;color:inherit;background:var(--desk);padding:.2rem .4rem;
border:1px solid var(--line);border-radius:4px;max-width:100%}
input{flex:1 1 12rem;min-width:0}
.out{display:none!important}
@media (min-width:${WIDE}){
.frame{display:grid;grid-template-columns:17rem minmax(0,1fr);gap:1rem;
align-items:start}
nav{position:sticky;top:0;max-height:100vh;overflow:auto}
}
@media (max-width:${NARROW}){
body{padding:0 .5rem}
header,section,nav,form{padding:.5rem .6rem;margin:.5rem 0}
nav:has(>details:not([open])){position:sticky;top:0;z-index:2}
form{position:static}
.claims,.claims tbody,.claims tr,.claims td,.terms,.terms tbody,.terms tr,
.terms td{display:block;width:auto}
.claims td,.terms td{border:0;padding:.1rem 0;text-align:left}
.claims tr,.terms tr{border-bottom:1px solid var(--line);padding:.4rem 0}
.claims thead,.terms thead{display:none}
td[data-head]:not(:empty)::before{content:attr(data-head) ": ";
color:var(--faint)}
.verdicts div{grid-template-columns:1fr}
}
`;

/** What a page of one column adds to it. */
export const COLUMN = `main{max-width:60rem;margin:0 auto}
.wide{overflow-x:auto}
.wide :is(th,td){overflow-wrap:break-word}
.wide .number{white-space:nowrap}
svg{max-width:100%;height:auto}
`;
