//! What a text that is written into a file will do once it is there: the effects of an edit.
