// Starts the demonstration on a free port and finds the links that it prints.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const program = process.env.NADHIR ?? fileURLToPath(new URL("../../target/debug/nadhir", import.meta.url));

// `NADHIR_EVENING=amqp` has the same evening over RabbitMQ, hub and adapters as processes of their own.
const path = process.env.NADHIR_EVENING === "amqp" ? ["--transport", "amqp"] : [];

export async function demo(...options) {
  if (!existsSync(program)) throw new Error(`${program} is not there: cargo build -p nadhir`);
  const child = spawn(program, ["demo", "--listen", "127.0.0.1:0", ...path, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const read = new Promise((resolve, reject) => {
    for (const pipe of [child.stdout, child.stderr]) {
      pipe.setEncoding("utf8").on("data", (text) => { said += text; if (/for anybody: \S+/.test(said)) resolve(); });
    }
    child.on("exit", () => reject(new Error(`the demonstration ended:\n${said}`)));
    setTimeout(() => reject(new Error(`the demonstration did not start:\n${said}`)), 60_000).unref();
  });
  await read;
  const link = (name) => said.match(new RegExp(`${name}.*?(http://\\S+)`))[1];
  return {
    url: new URL(link("Amal")).origin,
    author: link("Amal"),
    approver: link("Badr"),
    operator: link("Oda"),
    regulator: link("Rim"),
    tokens: { amal: said.match(/ AMAL=(\S+)/)[1], badr: said.match(/ BADR=(\S+)/)[1] },
    publicPage: said.match(/for anybody: (\S+)/)[1],
    async stop() {
      child.removeAllListeners("exit");
      child.kill("SIGINT");
      await once(child, "exit");
    },
  };
}
