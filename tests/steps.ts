/**
 * A task that is commands of Deno itself: `steps.ts NAME STEP... -- WORDS` runs
 * one after the other until one fails, with the WORDS behind the last. Asked for
 * `--help` it says so and begins nothing. It imports no module of the project,
 * which may be broken.
 *
 * @module
 */
import project from "../deno.json" with { type: "json" };

const [name = "", ...rest] = Deno.args;
const end = rest.indexOf("--");
const steps = rest.slice(0, end);
const words = rest.slice(end + 1);

if (words.some((word) => word === "--help" || word === "-h")) {
  const { description } = project.tasks[name as keyof typeof project.tasks];
  const last = steps.at(-1)!.split(" ").slice(0, 3)
    .filter((word) => /^[a-z]+$/.test(word)).join(" ");
  console.log(
    `${name}: ${description}\n\n` +
      `Usage: deno task ${name} [words for ${last}]\n\n` +
      `Runs:\n${steps.map((step) => `  ${step}`).join("\n")}`,
  );
  Deno.exit(0);
}
for (const [i, step] of steps.entries()) {
  const more = i === steps.length - 1 ? words : [];
  const { code } = await new Deno.Command("deno", {
    args: ["task", "-q", "--eval", step, ...more],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
