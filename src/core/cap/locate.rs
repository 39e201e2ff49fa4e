//! Where in the text the places of a document stand: a second walk, made only when a rule found a fault.

use super::grammar::numbered;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::collections::{BTreeSet, HashMap};

/// The octets at which the elements of these places begin; a place that is not there is not in the answer.
pub(super) fn locate(text: &str, places: &BTreeSet<String>) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    // The path so far, and for each element on it how often each name stood in it.
    let mut path = String::new();
    let mut open: Vec<(usize, HashMap<String, usize>)> = vec![(0, HashMap::new())];
    while found.len() < places.len() {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let local = tag.local_name();
                let name: &str = local.into_inner();
                let count = open.last_mut().map_or(1, |(_, counts)| {
                    let count = counts.entry(name.to_owned()).or_insert(0);
                    *count += 1;
                    *count
                });
                open.push((path.len(), HashMap::new()));
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(name);
                if numbered(name) {
                    path.extend(["[", &count.to_string(), "]"]);
                }
                if places.contains(&path) {
                    found.entry(path.clone()).or_insert(at);
                }
            }
            Ok(Event::End(_)) => {
                if let Some((length, _)) = open.pop() {
                    path.truncate(length);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    found
}
