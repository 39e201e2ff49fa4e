//! The `nadhir` command: reads its words, hands them to the command line's rooms, exits with the code they return.

fn main() -> std::process::ExitCode {
    nadhir::cli::main()
}
