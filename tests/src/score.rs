//! The scoreboard: how the guard judges the cases and sets of others.
//!
//! None of their text is part of the project. Folders are named on the command line; what is not
//! there is left out. Everything goes through [`banksman::replay`], as a recorded session would.

use std::error::Error;

pub mod corpus;
pub mod fixture;
pub mod adjudicated;
pub mod case;
pub mod suites;
pub mod texts;
pub mod figures;
pub mod report;

/// What went wrong, for whoever started the scoreboard.
pub type Failure = Box<dyn Error>;
