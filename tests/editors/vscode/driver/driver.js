// Stands in for an agent: takes proposals from the folder BANKSMAN_DRIVE and does what may be done. Each window has
// one; a proposal goes to whoever takes it first.
const { execSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

exports.activate = async () => {
  const folder = process.env.BANKSMAN_DRIVE;
  const api = await vscode.extensions.getExtension("banksman.banksman").activate();
  setInterval(async () => {
    for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const file = path.join(folder, name);
      const taken = `${file}.${process.pid}`;
      try {
        fs.renameSync(file, taken);
      } catch {
        continue;
      }
      const { workspace, session, ...action } = JSON.parse(fs.readFileSync(taken, "utf8"));
      const where = workspace ?? vscode.workspace.workspaceFolders[0].uri.fsPath;
      const go = await api.review(session ?? "agent", action, workspace);
      if (go && action.kind === "command") execSync(action.command, { cwd: where });
      if (go && action.kind === "edit") fs.writeFileSync(path.join(where, action.path), action.new);
      fs.writeFileSync(file.replace(/json$/, "done"), String(go));
    }
  }, 100);
};
