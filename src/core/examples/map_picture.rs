//! Draws the map of a regions file with some codes lit: `map_picture FILE.json CODE... > map.svg`; `--ar` for Arabic names.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example stands outside core's wall")]

use nadhir_core::area::{Index, Labels, picture};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given: Vec<String> = std::env::args().skip(1).collect();
    let labels = if given.iter().any(|a| a == "--ar") { Labels::Arabic } else { Labels::English };
    given.retain(|a| a != "--ar");
    let (file, codes) = given.split_first().ok_or("map_picture FILE.json CODE...")?;
    let index = Index::parse(&std::fs::read(file)?).map_err(|faults| format!("{faults:?}"))?;
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    println!("{}", picture(&index, &codes, None, labels));
    Ok(())
}
