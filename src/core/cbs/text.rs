//! A text fit to be broadcast: refused with the place of what no phone shows right, else cleaned, and told what was changed.
//!
//! Which alphabet it is spelt in, and what that changes, is lay.rs's.

use super::allowed::{Tappable, strangers};
use super::nfc::{self, Placed};
use super::rules::{Ornament, Rules};
use crate::fault::Fault;

/// A text without anything that phones garble. Lines end in LF; there is at least one visible character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    text: String,
    changes: Vec<Fault>,
}

/// So many faults of one text are told; the rest is counted.
const TOLD: usize = 50;

impl Clean {
    /// Judges and cleans a text by these rules. Places are `character n`, counted from 1 in the text as given, before any
    /// change.
    pub fn parse(text: &str, rules: &Rules) -> Result<Clean, Vec<Fault>> {
        let faults = judge(text, rules);
        if !faults.is_empty() {
            return Err(faults);
        }
        let clean = clean(text, &rules.drop);
        if clean.text.is_empty() {
            return Err(vec![Fault::error("cbs.text.empty", "text", "there is no text")]);
        }
        Ok(clean)
    }

    /// Texts one after another with a blank line between.
    pub fn join<'a>(texts: impl IntoIterator<Item = &'a Clean>) -> Clean {
        let mut joined = Clean { text: String::new(), changes: Vec::new() };
        for clean in texts {
            if !joined.text.is_empty() {
                joined.text.push_str("\n\n");
            }
            joined.text.push_str(&clean.text);
            joined.changes.extend_from_slice(&clean.changes);
        }
        joined
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What was changed, as warnings.
    pub fn changes(&self) -> &[Fault] {
        &self.changes
    }
}

/// Why a character is refused: the end of the code, and words.
fn refusal(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '\n' | '\r' | '\t' | '\u{85}' => return None,
        '\u{FEFF}' | '\u{FFFE}' => {
            ("bom", "a byte order mark: phones drop it, or read the rest of the page with octets swapped")
        }
        '\u{FDD0}'..='\u{FDEF}' | '\u{FFFF}' => ("noncharacter", "no character at all"),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' => (
            "presentation_form",
            "a presentation form: type the Arabic letter itself and the phone will shape it",
        ),
        '\u{E000}'..='\u{F8FF}' => {
            ("private_use", "from the private use area: every phone shows something else")
        }
        '\u{1_0000}'.. => (
            "beyond_bmp",
            "beyond the basic multilingual plane, which is all that UCS-2 pages hold: say it in words",
        ),
        c if c.is_control() => ("control", "a control character"),
        _ => return None,
    })
}

/// Every fault of a text, in its order; what is not on the list of links and numbers after the rest.
fn judge(text: &str, rules: &Rules) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut untold = 0_usize;
    // Words are made only for what is told: a hostile text may have a fault a character.
    let mut tell = |code: &str, at: usize, message: &dyn Fn() -> String| {
        if faults.len() < TOLD {
            faults.push(Fault::error(&format!("cbs.text.{code}"), format!("character {at}"), message()));
        } else {
            untold += 1;
        }
    };
    // Direction controls still open: where, which, and what closes them (UAX #9: a paragraph ends them all).
    let mut open: Vec<(usize, char, char)> = Vec::new();
    for (at, c) in text.chars().enumerate().map(|(i, c)| (i + 1, c)) {
        // What most texts are made of; nothing of it is refused or turns the direction.
        if matches!(c, ' '..='~' | '\u{A0}'..='\u{1FFF}') {
            continue;
        }
        if let Some((code, why)) = refusal(c) {
            tell(code, at, &|| format!("U+{:04X} is {why}", u32::from(c)));
        }
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push((at, c, '\u{202C}')),
            '\u{2066}'..='\u{2068}' => open.push((at, c, '\u{2069}')),
            '\u{202C}' | '\u{2069}' => match open.last() {
                Some((_, _, closes)) if *closes == c => {
                    open.pop();
                }
                Some(_) | None => {
                    tell("bidi", at, &|| {
                        format!("U+{:04X} closes a direction control that is not open here", u32::from(c))
                    });
                }
            },
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                for (at, c, _) in open.drain(..) {
                    tell("bidi", at, &|| unclosed(c));
                }
            }
            _ => {}
        }
    }
    for (at, c, _) in open {
        tell("bidi", at, &|| unclosed(c));
    }
    for (kind, range) in strangers(text, &rules.allowed) {
        let (code, what) = match kind {
            Tappable::Link => ("link", "a link"),
            Tappable::Telephone => ("telephone", "a telephone number"),
        };
        let at = text[..range.start].chars().count() + 1;
        tell(code, at, &|| {
            format!(
                "\"{:.60}\" reads as {what} and is not on the list of those that may be sent",
                &text[range.clone()]
            )
        });
    }
    if untold > 0 {
        faults.push(Fault::error("cbs.text.more", "text", format!("and {untold} faults more")));
    }
    faults
}

fn unclosed(c: char) -> String {
    format!("U+{:04X} turns the direction and is not closed on its line", u32::from(c))
}

/// A kind of change, where it was made first, and how often.
#[derive(Default)]
struct Change {
    first: usize,
    times: usize,
}

impl Change {
    fn made(&mut self, at: usize) {
        if self.times == 0 {
            self.first = at;
        }
        self.times += 1;
    }

    fn tell(&self, code: &str, what: &str) -> Option<Fault> {
        let place = format!("character {}", self.first);
        let message = || format!("{what} ({} times, first here)", self.times);
        (self.times > 0).then(|| Fault::warning(&format!("cbs.text.changed.{code}"), place, message()))
    }
}

/// Line ends to LF, tabs and special spaces to spaces, typographic quotes to plain ones, the ornaments to be dropped away,
/// letters and marks to NFC, spaces at line ends away.
fn clean(text: &str, drop: &[Ornament]) -> Clean {
    let [mut lines, mut tabs, mut special, mut quotes] = [const { Change { first: 0, times: 0 } }; 4];
    let mut dropped = [Change::default(), Change::default()];
    let mut placed: Vec<Placed> = Vec::with_capacity(text.len());
    let mut last = None;
    for (c, at) in text.chars().zip(1..) {
        let before = last.replace(c);
        // What most texts are made of.
        if matches!(c, ' '..='~' | '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{653}'..='\u{6FF}')
            || matches!(c, '\u{900}'..='\u{1FFF}')
        {
            placed.push((c, at));
            continue;
        }
        if let Some(ornament) = Ornament::of(c).filter(|o| drop.contains(o)) {
            dropped[ornament as usize].made(at);
            continue;
        }
        let (c, change) = match c {
            '\n' if before == Some('\r') => continue,
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ('\n', Some(&mut lines)),
            '\t' => (' ', Some(&mut tabs)),
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => (' ', Some(&mut special)),
            '‘' | '’' | '‚' | '‛' => ('\'', Some(&mut quotes)),
            '“' | '”' | '„' | '‟' => ('"', Some(&mut quotes)),
            c => (c, None),
        };
        if let Some(change) = change {
            change.made(at);
        }
        placed.push((c, at));
    }
    let composed =
        nfc::compose(&mut placed).map_or(Change::default(), |(times, first)| Change { first, times });
    let (text, spaces) = trimmed(&placed, text.len());
    let changes = [
        lines.tell("line_end", "a line end became LF"),
        tabs.tell("tab", "a tab became a space"),
        special.tell("special_space", "a no-break or special space became a space"),
        quotes.tell("quote", "a typographic quote became a plain one"),
        dropped[0].tell(Ornament::Tatweel.word(), "a tatweel was dropped, as was chosen"),
        dropped[1].tell(Ornament::Tashkeel.word(), "a vowel mark was dropped, as was chosen"),
        composed.tell("composed", "a letter and its marks were written in their normal form, NFC"),
        spaces.tell("trailing_space", "white space at the end of a line or of the text was dropped"),
    ];
    Clean { text, changes: changes.into_iter().flatten().collect() }
}

/// The text without spaces at line ends and without empty lines at its end.
fn trimmed(placed: &[Placed], octets: usize) -> (String, Change) {
    let mut spaces = Change::default();
    let mut out = String::with_capacity(octets);
    // Where the spaces began that stand last on this line, and the white space that stands last of all.
    let (mut gap, mut end) = (None, None);
    for (c, at) in placed {
        match c {
            ' ' => (gap, end) = (gap.or(Some(*at)), end.or(Some(*at))),
            '\n' => {
                if let Some(at) = gap.take() {
                    spaces.made(at);
                    out.truncate(out.trim_end_matches(' ').len());
                }
                end = end.or(Some(*at));
            }
            _ => (gap, end) = (None, None),
        }
        out.push(*c);
    }
    if let Some(at) = end {
        spaces.made(at);
        out.truncate(out.trim_end_matches([' ', '\n']).len());
    }
    (out, spaces)
}
