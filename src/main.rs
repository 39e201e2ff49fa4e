//! The `nadhir` command.

fn main() {}
