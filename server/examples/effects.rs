//! Prints the effects of command lines read from standard input, one a line: for whoever works on the models.

use std::io::BufRead;

use banksman::effects;
use banksman::trail::Trail;
use banksman::world::{Disk, World};
use banksman_protocol::Action;

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool for developers, not a part of the guard"
)]
fn main() -> std::io::Result<()> {
    let workspace = match std::env::args().nth(1) {
        Some(folder) => folder.into(),
        None => std::env::current_dir()?,
    };
    let disk = Disk::new();
    let trail = Trail::default();
    for line in std::io::stdin().lock().lines() {
        let command = line?.replace("\\n", "\n");
        let world = World::new(&disk, &trail, &workspace, &workspace);
        println!("{command}");
        for effect in effects::of(&Action::Command { command: command.clone(), cwd: None }, &world) {
            let evidence = command.get(effect.span.start..effect.span.end).unwrap_or("?");
            println!("    {:?} [{evidence}] {:?}", effect.kind, effect.certainty);
        }
    }
    Ok(())
}
