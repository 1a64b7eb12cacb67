#![allow(clippy::all, clippy::pedantic, clippy::restriction)]
use std::io::BufRead;
fn main(){ for l in std::io::stdin().lock().lines(){ let l=l.unwrap(); let l=l.replace("\\n","\n"); let mut c=banksman::consent::Consent::default(); c.hear(&l); println!("P: {l}"); for g in &c.grants { println!("   {:?} {:?} topic={:?}", g.operation, g.target, g.topic); } for b in &c.boundaries { println!("   BOUND {:?} {:?}", b.operations,b.target);} } }
