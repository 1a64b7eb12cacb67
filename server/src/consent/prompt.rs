//! From the user's words to grants and boundaries.

use super::Consent;

pub(super) fn hear(consent: &mut Consent, text: &str, turn: usize) {
    let _ = (consent, text, turn);
}
