// Stands in for an agent: takes proposals from the folder BANKSMAN_DRIVE and does what may be done.
const { execSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

exports.activate = async () => {
  const folder = process.env.BANKSMAN_DRIVE;
  const workspace = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const api = await vscode.extensions.getExtension("banksman.banksman").activate();
  fs.writeFileSync(path.join(folder, "ready"), "");
  setInterval(async () => {
    for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const file = path.join(folder, name);
      const action = JSON.parse(fs.readFileSync(file, "utf8"));
      fs.rmSync(file);
      const go = await api.review("driver", action);
      if (go && action.kind === "command") execSync(action.command, { cwd: workspace });
      if (go && action.kind === "edit") fs.writeFileSync(path.join(workspace, action.path), action.new);
      fs.writeFileSync(file.replace(/json$/, "done"), String(go));
    }
  }, 100);
};
