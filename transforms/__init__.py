"""The verbs: pure, terms and frames in, frames and queries out; the disclosure control lives here."""
