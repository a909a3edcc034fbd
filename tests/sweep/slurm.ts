/**
 * Slurm: a controller and four daemons of nodes, all on loopback, with a
 * munged of their own.
 *
 * @module
 */
import { type Engine, firstMissing, kill } from "./engine.ts";
import { output, pause, type ProofSweep, succeed } from "./proof_sweep.ts";

const MUNGED = "/usr/sbin/munged";
const CONTROLLER = "/usr/sbin/slurmctld";
const NODE = "/usr/sbin/slurmd";
/** Nodes, and those that compute at a time: there are no more cores. */
const NODES = [1, 2, 3, 4];

/** A cluster that is not there. */
export class SlurmEngine implements Engine {
  readonly name = "slurm";
  readonly options = ["--jobs", "2"];
  readonly env: Record<string, string>;
  readonly #folder: string;
  /** Controllers that were started. */
  #controllers = 0;

  constructor(sweep: ProofSweep) {
    this.#folder = `${sweep.folder}/slurm`;
    this.env = { SLURM_CONF: `${this.#folder}/slurm.conf` };
  }

  lacks(): Promise<string | undefined> {
    return firstMissing(MUNGED, CONTROLLER, NODE, "sbatch", "squeue", "sinfo");
  }

  async start(): Promise<void> {
    const at = this.#folder;
    for (const name of ["state", ...NODES.map((n) => `spool.n${n}`)]) {
      Deno.mkdirSync(`${at}/${name}`, { recursive: true });
    }
    const key = crypto.getRandomValues(new Uint8Array(128));
    Deno.writeFileSync(`${at}/munge.key`, key, { mode: 0o600 });
    await succeed(MUNGED, [
      "--force", // folders above may be written by others
      `--key-file=${at}/munge.key`,
      `--socket=${at}/munge.sock`,
      `--pid-file=${at}/munged.pid`,
      `--log-file=${at}/munged.log`,
      `--seed-file=${at}/munged.seed`,
    ]);
    await this.#startController();
    for (const n of NODES) await succeed(NODE, ["-N", `n${n}`], this.env);
    await this.#ready();
  }

  /**
   * Starts a controller that knows nothing of the array of the one before. Its
   * jobs have other numbers: nodes may still run some of the old ones.
   */
  async #startController(): Promise<void> {
    Deno.writeTextFileSync(this.env.SLURM_CONF!, this.#conf());
    this.#controllers++;
    await succeed(CONTROLLER, ["-c"], this.env);
  }

  #conf(): string {
    const at = this.#folder;
    const host = Deno.hostname();
    return `ClusterName=proof
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=16817
FirstJobId=${1 + 100_000 * this.#controllers}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${at}/munge.sock
CredType=cred/munge
StateSaveLocation=${at}/state
SlurmdSpoolDir=${at}/spool.%n
SlurmctldPidFile=${at}/slurmctld.pid
SlurmdPidFile=${at}/slurmd.%n.pid
SlurmctldLogFile=${at}/slurmctld.log
SlurmdLogFile=${at}/slurmd.%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName=n[1-${NODES.length}] NodeHostname=${host} NodeAddr=127.0.0.1 \\
  Port=17001-${17000 + NODES.length} CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
  }

  /** Waits until all nodes are there. */
  async #ready(): Promise<void> {
    for (let i = 0; i < 300; i++) {
      const { out } = await output("sinfo", ["-h", "-t", "idle", "-o", "%D"], {
        ...this.env,
      });
      if (Number(out) === NODES.length) return;
      await pause(100);
    }
    throw new Error("The nodes of Slurm do not come up");
  }

  async isBusy(): Promise<boolean> {
    const { code, out } = await output("squeue", ["-h", "-o", "%i"], this.env);
    return code === 0 && out !== "";
  }

  async killController(): Promise<boolean> {
    if (!this.#kill("slurmctld", "SIGKILL")) return false;
    await pause(200);
    await this.#startController();
    await this.#ready();
    return true;
  }

  #kill(daemon: string, signal: Deno.Signal): boolean {
    try {
      const path = `${this.#folder}/${daemon}.pid`;
      return kill(Number(Deno.readTextFileSync(path)), signal);
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    await output("scancel", ["--state=PENDING", "--full", "-u", "root"], {
      ...this.env,
    });
    for (const n of NODES) this.#kill(`slurmd.n${n}`, "SIGTERM");
    this.#kill("slurmctld", "SIGTERM");
    this.#kill("munged", "SIGTERM");
    await pause(500);
  }
}
