//! What an action that was carried out leaves in the trail.

use super::Trail;
use crate::effects::Effect;

impl Trail {
    /// Takes note of what an action did. With `simulated`, nothing was really run and the disk does not show it.
    pub fn record(&mut self, effects: &[Effect], simulated: bool) {
        let _ = (effects, simulated);
    }
}
