/**
 * `deno task lab-proof [--short] [PROOF...]`: drives the page of the lab in
 * chromium as Debian has it, and prints what it should show and what it shows.
 * Pictures go to `data/lab-proof/`.
 *
 * Exits 1 if something is wrong, and without `--short` also if something is
 * slow: a machine that does other work at the same time tells nothing.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { labCode } from "../experiments/commands/lab_code.ts";
import { pageOf } from "../experiments/lab/page/template.ts";
import { Browser } from "./lab/browser/devtools.ts";
import { needle } from "./lab/browser/needle.ts";
import { lineOf, type Proof } from "./lab/browser/proof.ts";
import { size } from "./lab/browser/size.ts";
import { length, speed } from "./lab/browser/speed.ts";
import { states } from "./lab/browser/states.ts";
import { uses } from "./lab/browser/uses.ts";
import { taskArguments } from "./task.ts";

const PROOFS: readonly Proof[] = [size, uses, needle, states, speed, length];

const args = taskArguments({
  name: "lab-proof",
  summary: "Drives the page of the lab in chromium: what it must show",
  usage: `[--short] [${PROOFS.map(({ name }) => name).join(" | ")}]...`,
  options: [{
    name: "short",
    summary: "fewer instants, 10^6 operations at most, speed not judged",
  }],
  names: PROOFS.map(({ name }) => name),
});
const short = args.flag("short");
const chosen = PROOFS.filter(({ name }) =>
  args.names.length === 0 || args.names.includes(name)
);
const folder = new URL("../data/lab-proof", import.meta.url).pathname;
Deno.mkdirSync(folder, { recursive: true });
const file = `${folder}/lab.html`;
const [code, browser] = await Promise.all([
  labCode().catch(end),
  Browser.start(folder).catch(end),
]);
Deno.writeTextFileSync(file, pageOf({ ...code, traces: [] }));
const address = pathToFileURL(file).href;
const [load = 0] = Deno.loadavg();
console.log(
  `On ${navigator.hardwareConcurrency} processors with ${load.toFixed(1)} ` +
    "programs at work before",
);
let [wrong, slow] = [0, 0];
{
  await using _ = browser;
  for (const proof of chosen) {
    const begun = performance.now();
    const findings = await proof.run({ browser, address, file, folder, short })
      .catch((error: Error) => [{
        what: proof.name,
        found: error.message.split("\n")[0]!,
        bar: "",
        verdict: "WRONG" as const,
      }]);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${proof.name}: ${proof.summary} (${seconds} s)`);
    for (const finding of findings) {
      console.log(`  ${lineOf(finding)}`);
      if (finding.verdict === "WRONG") wrong++;
      if (finding.verdict === "slow") slow++;
    }
  }
}
Deno.removeSync(`${folder}/.profile`, { recursive: true });
for (const { name } of Deno.readDirSync(folder)) {
  if (/\.(rep|txt)$/.test(name)) Deno.removeSync(`${folder}/${name}`); // large
}
console.log(`${wrong} wrong, ${slow} slow; pictures in data/lab-proof`);
Deno.exit(wrong > 0 || slow > 0 && !short ? 1 : 0);

/** Nothing can be proved: says why. */
function end(error: Error): never {
  console.error(error.message);
  Deno.exit(1);
}
