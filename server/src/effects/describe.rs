//! Effects in words.

use banksman_protocol::{EffectView, Reversibility};

use super::Effect;

/// An effect as the wire shows it.
#[must_use]
pub fn view(effect: &Effect) -> EffectView {
    EffectView {
        kind: String::new(),
        target: String::new(),
        summary: String::new(),
        span: effect.span,
        certainty: effect.certainty,
        reversibility: reversibility(effect),
    }
}

pub(super) fn reversibility(effect: &Effect) -> Reversibility {
    if effect.is_read_only() { Reversibility::Harmless } else { Reversibility::Unknown }
}
