//! A fault beside the line it stands in: the line, a mark under the place, what is wrong, what to do and where that is written.

use nadhir_core::cap::codes::{self, Language};
use nadhir_core::fault::{Fault, Level};
use std::fmt::Write as _;

/// Characters of a line that are shown; a polygon may be long.
const WIDTH: usize = 100;
/// Characters shown before the place in a line that is cut.
const BEFORE: usize = 20;

/// How faults of one text are shown.
pub(super) struct Excerpt<'a> {
    /// The text as it was read.
    pub(super) text: &'a str,
    /// Whose words.
    pub(super) language: Language,
    /// Whether to colour, for a terminal.
    pub(super) colour: bool,
}

impl Excerpt<'_> {
    /// The lines of one fault, without a line end after the last.
    pub(super) fn of(&self, fault: &Fault) -> String {
        let code = codes::find(&fault.code);
        let words = code.map(|code| code.words(self.language));
        let (sign, level) = match (fault.level, self.language) {
            (Level::Error, Language::English) => ("×", "error"),
            (Level::Error, Language::Arabic) => ("×", "خطأ"),
            (Level::Warning, Language::English) => ("!", "warning"),
            (Level::Warning, Language::Arabic) => ("!", "ملاحظة"),
        };
        // The message is in English and holds the particulars; beside the table's words they are told one by one.
        let message = match (self.language, words) {
            (Language::Arabic, Some(words)) => {
                let told = codes::particulars(fault, self.language);
                if told.is_empty() { words.means.to_owned() } else { format!("{}: {told}", words.means) }
            }
            (Language::Arabic | Language::English, _) => fault.message.clone(),
        };
        // What a document says is shown, not obeyed.
        let message: String = message.chars().map(clean).collect();
        let paint = match fault.level {
            Level::Error => "31;1",
            Level::Warning => "33;1",
        };
        let head = self.paint(paint, &format!("{sign} {level} [{}]", fault.code));
        let mut out = format!("  {head} {message}\n");
        let line =
            fault.spot().and_then(|(line, column)| Some((line, column, self.text.lines().nth(line - 1)?)));
        let margin = line.map_or(1, |(line, ..)| line.to_string().len());
        let gutter = " ".repeat(margin);
        if let Some((number, column, line)) = line {
            let (shown, before, marked) = window(line, column);
            let mark = format!("{}{}", " ".repeat(before), self.paint(paint, &"^".repeat(marked)));
            let _ = write!(
                out,
                "    {gutter} ╭─[{number}:{column}] {}\n    {number} │ {shown}\n    {gutter} · {mark}\n",
                fault.path()
            );
        } else {
            let _ = writeln!(out, "    {gutter} ╭─ {}", fault.place);
        }
        let help = match (words, code) {
            (Some(words), Some(code)) => format!("{} ({})", words.fix, code.clause),
            _ => fault.code.clone(),
        };
        let label = match self.language {
            Language::English => "help:",
            Language::Arabic => "الحل:",
        };
        let _ = write!(out, "    {gutter} ╰─ {} {help}", self.paint("36", label));
        out
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Controls would move a terminal's cursor, and tabs the mark; some turn the line around.
fn clean(c: char) -> char {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}');
    if c.is_control() || turns { ' ' } else { c }
}

/// What of a line is shown, how many characters of that stand before the mark, and how long the mark is: to the end of the tag.
fn window(line: &str, column: usize) -> (String, usize, usize) {
    let place = column - 1;
    let from = if line.chars().count() > WIDTH { place.saturating_sub(BEFORE) } else { 0 };
    let mut shown: String = line.chars().skip(from).take(WIDTH).map(clean).collect();
    let before = place - from;
    let marked = match shown.chars().skip(before).position(|c| c == '>') {
        Some(end) if shown.chars().nth(before) == Some('<') => end + 1,
        _ => 1,
    };
    if line.chars().count() > from + WIDTH {
        shown.push('…');
    }
    (shown, before, marked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nadhir_core::fault::{Kind, Told};

    const TEXT: &str = "<alert>\n  <status>actual</status>\n</alert>\n";

    #[test]
    fn a_fault_stands_under_its_line() {
        let excerpt = Excerpt { text: TEXT, language: Language::English, colour: false };
        let fault =
            Fault::error("cap.value.word", "alert/status, line 2, column 3", "\"actual\" is none of Actual");
        assert_eq!(
            excerpt.of(&fault),
            "  × error [cap.value.word] \"actual\" is none of Actual\n      ╭─[2:3] alert/status\n    2 │   <status>actual</status>\n      ·   ^^^^^^^^\n      ╰─ help: write one of the words, without white space (CAP 1.2, 3.4 XML schema)"
        );
        let arabic = Excerpt { language: Language::Arabic, ..excerpt }.of(&fault);
        assert!(arabic.contains("خطأ") && arabic.contains("قيمة خارج قائمة الكلمات"), "{arabic}");
        // The lighter level has a word that is no series of warnings: those are bayan, tanbih, tahdhir.
        let lighter = Fault::warning("cap.note.missing", "alert/note", "an Exercise names itself in note");
        let told = Excerpt { text: TEXT, language: Language::Arabic, colour: false }.of(&lighter);
        assert!(told.contains("! ملاحظة [cap.note.missing]"), "{told}");
        for series in ["بيان", "تنبيه", "تحذير"] {
            assert!(!told.contains(series), "{told}");
        }
        let hostile = Told::new("\u{9b}\u{202e}2J", [(Kind::Found, "\u{9b}\u{202e}2J".to_owned())]);
        let hostile = Fault::error("cap.value.word", "alert/status, line 2, column 3", hostile);
        for language in [Language::Arabic, Language::English] {
            let told = Excerpt { text: TEXT, language, colour: false }.of(&hostile);
            assert!(told.contains("2J") && !told.contains(['\u{9b}', '\u{202e}']), "{told}");
        }
    }

    #[test]
    fn a_place_without_a_line_and_a_code_of_another_room_are_told_all_the_same() {
        let excerpt = Excerpt { text: TEXT, language: Language::English, colour: true };
        let told = excerpt.of(&Fault::error("file.unreadable", "file", "cannot be read"));
        assert!(
            told.contains("\u{1b}[31;1m") && told.contains("cannot be read") && told.contains("╭─ file"),
            "{told}"
        );
        assert!(excerpt.of(&Fault::warning("x", "line 99, column 7", "y")).contains("line 99"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}<polygon>{}</polygon>", " ".repeat(300), "1,1 ".repeat(500));
        let (shown, before, marked) = window(&line, 301);
        assert_eq!((before, marked), (BEFORE, "<polygon>".len()));
        assert!(shown.ends_with('…') && shown.chars().count() == WIDTH + 1);
        assert_eq!(window("\u{1b}[2J\t<a>", 6), (" [2J <a>".to_owned(), 5, 3));
    }
}
