/** Where the program is: the setting, else the extension itself, else the PATH. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

export interface Binary {
  readonly path: string;
  readonly from: "setting" | "extension" | "PATH";
}

/** There is no program: the setting is not absolute, it names none, or none is anywhere. */
export interface Missing {
  readonly missing: "relative" | "setting" | "everywhere";
  readonly setting: string;
}

export interface Surroundings {
  readonly setting: string;
  readonly extension: string;
  readonly searchPath: string;
  readonly windows: boolean;
  readonly runnable: (path: string) => boolean;
}

export function find(around: Surroundings): Binary | Missing {
  const { setting } = around;
  const name = around.windows ? "banksman.exe" : "banksman";
  // A wrong setting is not passed over in silence: another program than the wanted one would guard.
  if (setting !== "") {
    if (!isAbsolute(setting)) return { missing: "relative", setting };
    return around.runnable(setting) ? { path: setting, from: "setting" } : { missing: "setting", setting };
  }
  const bundled = join(around.extension, "bin", name);
  if (around.runnable(bundled)) return { path: bundled, from: "extension" };
  for (const folder of around.searchPath.split(delimiter)) {
    // A relative folder would let a workspace bring its own guard.
    const candidate = join(folder, name);
    if (isAbsolute(folder) && around.runnable(candidate)) return { path: candidate, from: "PATH" };
  }
  return { missing: "everywhere", setting };
}

export function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
