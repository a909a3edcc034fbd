/**
 * Chooses where `@std` comes from: JSR, or the stand-ins beside this file.
 *
 * `deno.json` names the genuine JSR packages and links `./.std/links/*`, which
 * normally matches nothing. This script loads them, from Deno's cache first.
 * Where that fails it writes `.std/links/<package>/deno.json`, whose exports
 * lead back here, and Deno takes the stand-ins instead. That choice holds for a
 * day; `rm -r .std` undoes it. Run it as `deno task std`, which every other
 * task depends on: it must not see `deno.json`, or it would load the links.
 *
 * Several tasks may begin at once: the links come and go as a whole, by
 * renaming, and whoever comes second takes what is there.
 *
 * @module
 */

/** What each stand-in offers: export to file in `offline/<package>/`. */
const STAND_INS: Record<string, Record<string, string>> = {
  assert: { ".": "mod.ts" },
  cli: { "./parse-args": "parse_args.ts" },
  csv: { ".": "mod.ts", "./parse": "parse.ts", "./stringify": "stringify.ts" },
  testing: { "./bdd": "bdd.ts", "./mock": "mock.ts" },
};
/** The folder of the links. */
const LINKS = ".std/links";
/** Milliseconds that JSR has to answer. */
const PATIENCE = 20_000;
/** Milliseconds for which the stand-ins are taken without asking JSR. */
const DAY = 86_400_000;

/** One `@std` package, genuine and stood in for. */
type Package = { modules: string[]; name: string; text: string };

/** The packages that `deno.json` pins, as `jsr:@std/<name>@<version>`. */
function packages(): Package[] {
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  return Object.entries(STAND_INS).map(([name, files]) => {
    const genuine: string = imports[`@std/${name}`];
    const exports = Object.entries(files).map((
      [key, file],
    ) => [key, `./../../../offline/${name}/${file}`]);
    return {
      modules: Object.keys(files).map((key) => genuine + key.slice(1)),
      name,
      text: JSON.stringify({
        name: `@std/${name}`,
        version: genuine.slice(genuine.lastIndexOf("@") + 1),
        exports: Object.fromEntries(exports),
      }),
    };
  });
}

/** Whether the links are exactly what would be written now. */
function linked(all: Package[]): boolean {
  try {
    return all.every(({ name, text }) =>
      Deno.readTextFileSync(`${LINKS}/${name}/deno.json`) === text
    );
  } catch {
    return false;
  }
}

/** Writes the links, unless somebody else does; others go. */
function link(all: Package[]): void {
  const fresh = `.std/${Deno.pid}.new`;
  for (const { name, text } of all) {
    Deno.mkdirSync(`${fresh}/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${fresh}/${name}/deno.json`, text);
  }
  for (let tries = 3; !linked(all); tries--) {
    try {
      Deno.renameSync(fresh, LINKS);
      return;
    } catch (error) { // most likely there are some
      if (tries === 0) throw error;
      if (!linked(all)) unlink();
    }
  }
  Deno.removeSync(fresh, { recursive: true });
}

/** Removes the links; returns whether there were any. */
function unlink(): boolean {
  const old = `.std/${Deno.pid}.old`;
  try {
    Deno.renameSync(LINKS, old);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  Deno.removeSync(old, { recursive: true });
  return true;
}

/** Why the genuine modules cannot be loaded in time; undefined if they can. */
async function trouble(modules: string[]): Promise<string | undefined> {
  const late = Promise.withResolvers<never>();
  setTimeout(() => late.reject(new Error("no answer")), PATIENCE);
  try {
    await Promise.race([
      late.promise,
      Promise.all(modules.map((module) => import(module))),
    ]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The age of the choice for the stand-ins, in milliseconds. */
function age(): number {
  return Date.now() - Deno.statSync(".std").mtime!.getTime();
}

/** Does what changes `.std`; where it cannot be changed, says so and ends. */
function change<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const [reason] = `${error instanceof Error ? error.message : error}`
      .split("\n", 1);
    console.error(`@std: cannot write to .std: ${reason}`);
    Deno.exit(1);
  }
}

/** Remembers that the choice was made just now, where that can be written. */
function renew(): void {
  try {
    Deno.utimeSync(".std", new Date(), new Date());
  } catch { /* the next task asks JSR again */ }
}

if (Deno.args.some((word) => word === "--help" || word === "-h")) {
  const { tasks } = JSON.parse(Deno.readTextFileSync("deno.json"));
  console.log(`std: ${tasks.std.description}\n\nUsage: deno task std`);
  Deno.exit();
}
const all = packages();
if (linked(all) && age() < DAY) Deno.exit();

const why = await trouble(all.flatMap(({ modules }) => modules));
if (why === undefined) {
  if (change(unlink)) {
    console.error("@std: the genuine packages, now that JSR has them");
  }
} else if (linked(all)) { // perhaps by another task meanwhile
  renew();
} else {
  change(() => link(all));
  const [reason] = why.split("\n", 1);
  console.error(
    `@std: the stand-ins in offline/, JSR being out of reach: ${reason}`,
  );
}
Deno.exit(); // a load that is still pending would keep the process
