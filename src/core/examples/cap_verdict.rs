//! Judges CAP files named on the command line, one JSON object a line: `cap_verdict cap|oman FILE...`. A tool for comparing, not a product.

use nadhir_core::cap::{Profile, verdict};

#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(profile) = arguments.next().as_deref().and_then(Profile::parse) else {
        eprintln!("usage: cap_verdict cap|oman FILE...");
        std::process::exit(2);
    };
    for file in arguments {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{file}: {error}");
                std::process::exit(2);
            }
        };
        let verdict = verdict(&bytes, profile);
        let line = serde_json::json!({
            "file": file,
            "readable": verdict.readable,
            "valid": verdict.valid(),
            "faults": verdict.faults,
        });
        println!("{line}");
    }
}
