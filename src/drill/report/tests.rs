//! The page says what the evidence says, in both languages, and runs nothing.
