/** The program's own commands, run once each. */
import { execFile } from "node:child_process";

export interface Ran {
  /** `undefined` when it could not be run at all. */
  readonly code: number | undefined;
  readonly text: string;
}

/** No command that is run here takes long. */
const PATIENCE = 30_000;

/** Runs the program without a shell, in a folder. */
export function run(program: string, words: readonly string[], folder: string | undefined): Promise<Ran> {
  const options = { cwd: folder, timeout: PATIENCE, maxBuffer: 4 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1" } };
  return new Promise((resolve) => {
    execFile(program, [...words], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
      const text = `${stdout}${stderr}` || (error?.message ?? "");
      resolve({ code, text });
    });
  });
}
