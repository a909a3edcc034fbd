/**
 * What recording costs: CPU time of three programs alone, under this recorder,
 * heaptrack and valgrind, by turns. `deno task bench:record --help`.
 *
 * The time of a program is that of all its processes, as the shell's `times`
 * tells. Beside the program, `heaptrack` runs an interpreter, and `deno task
 * record` converts the log; `heaptrack --raw` and the bare library do not.
 *
 * @module
 */
import project from "../deno.json" with { type: "json" };
import { library } from "../experiments/recorder/library.ts";
import { wholeOption } from "../experiments/commands/arguments.ts";
import { textTable } from "../experiments/measures/text_table.ts";
import { projectPath } from "../experiments/runner/files.ts";
import { JSON_OPTION, taskArguments } from "./task.ts";

const args = taskArguments({
  name: "bench:record",
  summary: "CPU time of cc1, python3 and sqlite3, alone and recorded",
  usage: "[--rounds N] [--valgrind]",
  options: [
    { name: "rounds", value: "N", summary: "runs of each kind; 5" },
    { name: "valgrind", summary: "valgrind too, once: minutes" },
    JSON_OPTION,
  ],
});
const rounds = wholeOption(args, "rounds", { low: 1, high: 99, fallback: 5 });

/** Runs `script` with sh; its output. */
async function shell(script: string): Promise<string> {
  const command = new Deno.Command("sh", { args: ["-c", script] });
  return new TextDecoder().decode((await command.output()).stdout);
}

/** CPU seconds of `command` and its children. */
async function seconds(command: string): Promise<number> {
  const out = await shell(`${command} >/dev/null 2>&1; times`);
  const [, minutes, rest, sysMinutes, sysRest] =
    /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(out)!.map(Number);
  return 60 * (minutes! + sysMinutes!) + rest! + sysRest!;
}

const work = Deno.makeTempDirSync();
const logs = `${work}/logs`;
const preload = await library(projectPath("data/recorder"));
const recorded = (depth: number) => (command: string) =>
  `rm -f ${logs}/*; LD_PRELOAD=${preload} FRAGLAB_RECORD=${depth}:0:${logs} ${command}`;

const task = project.tasks.record.command
  .replace("data,$INIT_CWD", () => `data,${work}`)
  .replace("deno", () => Deno.execPath());

/** Command lines by how they are recorded. */
const KINDS: Record<string, (command: string) => string> = {
  alone: (command) => command,
  "depth 0": recorded(0),
  "depth 4": recorded(4),
  "heaptrack --raw": (command) => `heaptrack --raw -o ${work}/raw ${command}`,
  "task record": (command) =>
    `INIT_CWD=${work} ${task} --out ${work}/t.rep.gz -- ${command}`,
  heaptrack: (command) => `heaptrack -o ${work}/full ${command}`,
};
const VALGRIND = "valgrind --trace-malloc=yes --log-file=/dev/null ";

/** A C file of many functions. */
function source(): string {
  const parts = ["#include <string.h>"];
  for (let i = 0; i < 300; i++) {
    parts.push(
      `struct s${i} { int a; double b; char c[${
        i % 50 + 1
      }]; struct s${i} *next; };
static int f${i}(struct s${i} *p, int n) { int t = 0; for (int k = 0; k < n; k++) {
  if (p->a > k) t += p->a * ${i + 3}; else t ^= (int)(p->b * ${i}.5);
  switch (t % 7) { case 0: t += strlen(p->c); break; case 3: t -= k; break;
  case 5: p = p->next ? p->next : p; break; default: t++; } } return t; }
int g${i}(int n) { struct s${i} x = {n, 2.0, "", 0}; return f${i}(&x, n); }`,
    );
  }
  return parts.join("\n");
}

const PYTHON = `import json, re
d = [{"k%d" % i: [i, str(i), {"x": i * 1.5, "y": "z" * (i % 90)}]} for i in range(20000)]
for _ in range(4):
    s = json.dumps(d); e = json.loads(s)
    t = re.sub(r"z+", lambda m: str(len(m.group())), s)
    w = {}
    for m in re.finditer(r"\\w+", t): w[m.group()] = w.get(m.group(), 0) + 1
`;
const SQL =
  `create table t(a, b, c); with recursive c(x) as (select 1 union all select x + 1 from c where x < 150000)
insert into t select x, hex(randomblob(20)), 'n' || (x % 97) from c; create index i on t(b);
select c, count(*), max(b) from t group by c; select count(*) from t where b like '%ab%';
update t set c = c || 'x' where a % 3 = 0; select count(distinct substr(b, 1, 4)) from t;`;

Deno.mkdirSync(logs);
Deno.writeTextFileSync(`${work}/t.c`, source());
Deno.writeTextFileSync(`${work}/t.py`, PYTHON);
Deno.writeTextFileSync(`${work}/t.sql`, SQL);
const cc1 = (await shell("gcc -print-prog-name=cc1")).trim();
const python =
  (await shell("command -v /usr/bin/python3 || command -v python3")).trim();
const PROGRAMS: Record<string, string> = {
  cc1: `${cc1} -quiet -O2 ${work}/t.c -o ${work}/t.s`,
  python3: `${python} ${work}/t.py`,
  sqlite3: `sqlite3 :memory: ".read ${work}/t.sql"`,
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;
const rows: (string | number)[][] = [];
for (const [program, command] of Object.entries(PROGRAMS)) {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [kind, line] of Object.entries(KINDS)) {
      (times[kind] ??= []).push(await seconds(line(command)));
    }
  }
  const alone = times.alone!;
  const extra = (all: readonly number[]) =>
    median(all.map((time, round) => time - alone[round]!));
  if (args.flag("valgrind")) {
    times.valgrind = [await seconds(VALGRIND + command)];
  }
  for (const [kind, all] of Object.entries(times)) {
    rows.push([program, kind, median(all).toFixed(2), extra(all).toFixed(3)]);
  }
}
Deno.removeSync(work, { recursive: true });
const names = ["program", "recorded", "cpu_s", "extra_s"];
if (args.flag("json")) {
  const all = rows.map((row) =>
    Object.fromEntries(names.map((name, k) => [name, row[k]]))
  );
  console.log(JSON.stringify(all, undefined, 2));
} else {
  const lines = [names, ...rows].map((row) => row.map(String));
  console.log(textTable(lines, ["left", "left", "right", "right"]));
}
