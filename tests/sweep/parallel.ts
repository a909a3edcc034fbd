/**
 * GNU parallel over ssh, to a sshd of our own that listens on loopback only.
 *
 * @module
 */
import { type Engine, firstMissing, kill, processes } from "./engine.ts";
import { output, pause, type ProofSweep, succeed } from "./proof_sweep.ts";

const SSHD = "/usr/sbin/sshd";
const PORT = 16822;

/** Two hosts, both of which are this one. */
export class ParallelEngine implements Engine {
  readonly name = "parallel";
  readonly env: Record<string, string> = {};
  readonly #sweep: ProofSweep;
  readonly #folder: string;

  constructor(sweep: ProofSweep) {
    this.#sweep = sweep;
    this.#folder = `${sweep.folder}/ssh`;
    this.env.HOME = this.#folder; // what parallel remembers
  }

  get options(): string[] {
    return ["--hosts", `${this.#folder}/hosts`];
  }

  lacks(): Promise<string | undefined> {
    return firstMissing("parallel", SSHD, "ssh", "ssh-keygen");
  }

  async start(): Promise<void> {
    const at = this.#folder;
    Deno.mkdirSync(`${at}/.parallel`, { recursive: true });
    Deno.writeTextFileSync(`${at}/.parallel/will-cite`, "");
    for (const key of ["host", "user"]) {
      const path = `${at}/${key}`;
      const options = ["-q", "-t", "ed25519", "-N", "", "-f", path];
      await succeed("ssh-keygen", options);
    }
    Deno.copyFileSync(`${at}/user.pub`, `${at}/authorized`);
    Deno.writeTextFileSync(
      `${at}/sshd_config`,
      `ListenAddress 127.0.0.1
Port ${PORT}
HostKey ${at}/host
AuthorizedKeysFile ${at}/authorized
PasswordAuthentication no
StrictModes no
PidFile ${at}/sshd.pid
MaxStartups 100
`,
    );
    await output("mkdir", ["-p", "/run/sshd"]);
    await succeed(SSHD, ["-f", `${at}/sshd_config`]);
    const ssh = `ssh -p ${PORT} -i ${at}/user -o LogLevel=ERROR ` +
      "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";
    // Hosts of one core each, told apart by their names.
    Deno.writeTextFileSync(
      `${at}/hosts`,
      ["127.0.0.1", "localhost"].map((host) => `1/${ssh} ${host}\n`).join(""),
    );
    for (let i = 0; i < 50; i++) {
      const [program, ...words] = ssh.split(" ");
      const { code } = await output(program!, [...words, "127.0.0.1", "true"]);
      if (code === 0) return;
      await pause(100);
    }
    throw new Error("sshd does not answer");
  }

  /** Workers go on for a while when what started them was killed. */
  async isBusy(): Promise<boolean> {
    return (await processes(this.#sweep.workers)).length > 0;
  }

  async killController(): Promise<boolean> {
    const all = await processes(`/parallel --joblog ${this.#sweep.folder}/`);
    return all.map((pid) => kill(pid)).includes(true);
  }

  stop(): Promise<void> {
    const pid = Deno.readTextFileSync(`${this.#folder}/sshd.pid`);
    kill(Number(pid), "SIGTERM");
    return Promise.resolve();
  }
}
