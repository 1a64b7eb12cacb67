//! What Banksman makes of actions and texts that others have recorded.

pub mod score;
