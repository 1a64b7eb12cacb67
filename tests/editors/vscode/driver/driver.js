// Stands in for an agent: takes proposals from the folder BANKSMAN_DRIVE and does what may be done. Each window has
// one; a proposal goes to whoever takes it first. It stands in for the person too, where that is about settings.
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
      const done = (what) => fs.writeFileSync(file.replace(/json$/, "done"), String(what));
      if (action.kind === "setting") {
        await vscode.workspace.getConfiguration().update(action.name, action.value, vscode.ConfigurationTarget.Global);
        done("set");
        continue;
      }
      const where = workspace ?? vscode.workspace.workspaceFolders[0].uri.fsPath;
      if (action.kind === "run") {
        await vscode.commands.executeCommand(action.command, ...action.arguments);
        done("run");
        continue;
      }
      const go = await api.review(session ?? "agent", action, workspace);
      if (go && action.kind === "command") execSync(action.command, { cwd: where });
      if (go && action.kind === "edit") fs.writeFileSync(path.join(where, action.path), action.new);
      done(go);
    }
  }, 100);
};
