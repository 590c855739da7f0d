//! What an answer rests on: every event that a pair needs to be answered again elsewhere.
