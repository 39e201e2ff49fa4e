//! A text fit to be broadcast: refused with the place of what no phone shows right, else cleaned, and told what was changed.
//!
//! Which alphabet it is spelt in, and what that changes, is lay.rs's.

use super::compose::compose;
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
    /// Judges and cleans a text. Places are `character n`, counted from 1 in the text as given, before any change.
    pub fn parse(text: &str) -> Result<Clean, Vec<Fault>> {
        let faults = judge(text);
        if !faults.is_empty() {
            return Err(faults);
        }
        let clean = clean(text);
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

/// Every fault of a text, in its order.
fn judge(text: &str) -> Vec<Fault> {
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

/// What the end of a text loses.
const LOST_AT_END: [char; 7] = [' ', '\t', '\r', '\n', '\u{85}', '\u{2028}', '\u{2029}'];

/// Line ends to LF, tabs to spaces, spaces at line ends away, letters composed.
fn clean(text: &str) -> Clean {
    let (mut lines, mut tabs, mut spaces, mut composed) =
        (Change::default(), Change::default(), Change::default(), Change::default());
    let mut out = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    for (at, c) in text.chars().enumerate().map(|(i, c)| (i + 1, c)) {
        let c = match c {
            '\n' if last == Some('\r') => {
                last = Some(c);
                continue;
            }
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                lines.made(at);
                last = Some(c);
                end_line(&mut out, at, &mut spaces);
                continue;
            }
            '\n' => {
                last = Some(c);
                end_line(&mut out, at, &mut spaces);
                continue;
            }
            '\t' => {
                tabs.made(at);
                ' '
            }
            c => c,
        };
        last = Some(c);
        if let Some(letter) = out.chars().next_back()
            && let Some(one) = compose(letter, c)
        {
            composed.made(at);
            out.pop();
            out.push(one);
        } else {
            out.push(c);
        }
    }
    let kept = out.trim_end_matches([' ', '\n']).len();
    if kept < out.len() {
        out.truncate(kept);
        spaces.made(text.trim_end_matches(LOST_AT_END).chars().count() + 1);
    }
    let changes = [
        lines.tell("line_end", "a line end became LF"),
        tabs.tell("tab", "a tab became a space"),
        spaces.tell("trailing_space", "white space at the end of a line or of the text was dropped"),
        composed.tell("composed", "a letter and its mark became one character"),
    ];
    Clean { text: out, changes: changes.into_iter().flatten().collect() }
}

/// Ends the line: drops the spaces before it and says so.
fn end_line(out: &mut String, at: usize, spaces: &mut Change) {
    let kept = out.trim_end_matches(' ').len();
    if kept < out.len() {
        // One space is one octet in UTF-8.
        spaces.made(at - (out.len() - kept));
        out.truncate(kept);
    }
    out.push('\n');
}
