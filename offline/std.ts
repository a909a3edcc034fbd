/**
 * Chooses where `@std` comes from: JSR, or the stand-ins beside this file.
 *
 * `deno.json` names the genuine JSR packages and links `./.std/*`, which
 * normally matches nothing. This script loads them, from Deno's cache first.
 * Where that fails it writes `.std/<package>/deno.json`, whose exports lead
 * back here, and Deno takes the stand-ins instead. That choice holds for a
 * day; `rm -r .std` undoes it. Run it as `deno task std`, which every other
 * task depends on: it must not see `deno.json`, or it would load the links.
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
/** Milliseconds that JSR has to answer. */
const PATIENCE = 20_000;
/** Milliseconds for which the stand-ins are taken without asking JSR. */
const DAY = 86_400_000;

/** One `@std` package, genuine and stood in for. */
type Package = { modules: string[]; member: string; text: string };

/** The packages that `deno.json` pins, as `jsr:@std/<name>@<version>`. */
function packages(): Package[] {
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  return Object.entries(STAND_INS).map(([name, files]) => {
    const genuine: string = imports[`@std/${name}`];
    const exports = Object.entries(files).map((
      [key, file],
    ) => [key, `./../../offline/${name}/${file}`]);
    return {
      modules: Object.keys(files).map((key) => genuine + key.slice(1)),
      member: `.std/${name}`,
      text: JSON.stringify({
        name: `@std/${name}`,
        version: genuine.slice(genuine.lastIndexOf("@") + 1),
        exports: Object.fromEntries(exports),
      }),
    };
  });
}

/** Whether `.std` holds exactly what would be written now. */
function linked(all: Package[]): boolean {
  try {
    return all.every(({ member, text }) =>
      Deno.readTextFileSync(`${member}/deno.json`) === text
    );
  } catch {
    return false;
  }
}

/** Removes `.std`; returns whether there was one. */
function remove(): boolean {
  try {
    Deno.removeSync(".std", { recursive: true });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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

const all = packages();
const standing = linked(all);
if (standing && age() < DAY) Deno.exit();

const why = await trouble(all.flatMap(({ modules }) => modules));
if (why !== undefined && standing) {
  Deno.utimeSync(".std", new Date(), new Date());
} else if (why !== undefined) {
  remove();
  for (const { member, text } of all) {
    Deno.mkdirSync(member, { recursive: true });
    Deno.writeTextFileSync(`${member}/deno.json`, text);
  }
  const [reason] = why.split("\n", 1);
  console.error(
    `@std: the stand-ins in offline/, JSR being out of reach: ${reason}`,
  );
} else if (remove()) {
  console.error("@std: the genuine packages, now that JSR has them");
}
Deno.exit(); // a load that is still pending would keep the process
