//! The `nadhir-simulator` command.

fn main() {}
