//! Links and telephone numbers: found in a text as phones find them, and held against the list of those that may be sent.
//!
//! A phone makes a link of what reads like one, and who taps it trusts the sender of the alert.

use std::ops::Range;

/// The links and telephone numbers that may stand in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    links: Vec<String>,
    telephones: Vec<String>,
}

/// What a phone makes tappable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tappable {
    /// A web or mail address.
    Link,
    /// A telephone number of seven digits or more, or one behind `tel:`.
    Telephone,
}

impl Default for Allowed {
    /// No link, and the number of the police's operations room, for every emergency.
    fn default() -> Allowed {
        Allowed { links: vec![], telephones: vec!["9999".to_owned()] }
    }
}

impl Allowed {
    /// A list, or every entry of it that is none. A link is a host, `met.example.om`, or a host with the beginning of a path;
    /// `https://` and `www.` may stand before it. A telephone number has 3 to 15 digits, whatever stands between them.
    pub fn parse(links: &[String], telephones: &[String]) -> Result<Allowed, Vec<String>> {
        let mut wrong = Vec::new();
        for link in links {
            let bare = bare(link);
            if !bare.split('/').next().is_some_and(is_host) {
                wrong.push(format!("\"{link}\" is no link: a host, or a host and the beginning of a path"));
            }
        }
        for number in telephones {
            if !(3..=15).contains(&digits(number).len()) {
                wrong.push(format!("\"{number}\" is no telephone number: 3 to 15 digits"));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Allowed {
            links: links.iter().map(|link| bare(link)).collect(),
            telephones: telephones.iter().map(|number| national(&digits(number)).to_owned()).collect(),
        })
    }

    fn has(&self, kind: Tappable, text: &str) -> bool {
        match kind {
            Tappable::Link => {
                let found = bare(text);
                self.links.iter().any(|link| {
                    let rest = found.strip_prefix(link.as_str());
                    rest.is_some_and(|rest| {
                        rest.is_empty() || link.ends_with('/') || rest.starts_with(['/', '?', '#'])
                    })
                })
            }
            Tappable::Telephone => {
                let found = national(&digits(text)).to_owned();
                self.telephones.contains(&found)
            }
        }
    }
}

/// Everything in a text that a phone makes tappable and the list does not have, in its order, as octets of the text.
pub(super) fn strangers(text: &str, allowed: &Allowed) -> Vec<(Tappable, Range<usize>)> {
    let mut found: Vec<_> = links(text).map(|range| (Tappable::Link, range)).collect();
    let within = |range: &Range<usize>, others: &[(Tappable, Range<usize>)]| {
        others.iter().any(|(_, other)| other.start <= range.start && range.end <= other.end)
    };
    let numbers: Vec<_> = telephones(text).filter(|range| !within(range, &found)).collect();
    found.extend(numbers.into_iter().map(|range| (Tappable::Telephone, range)));
    found.retain(|(kind, range)| !allowed.has(*kind, &text[range.clone()]));
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// Top-level names that phones take for a link without a scheme before it, where a full stop without a space may stand too.
/// Others are found by `://`, `www.`, `@` or a path behind them.
const TOP_LEVEL: [&str; 24] = [
    "om", "com", "org", "net", "gov", "edu", "info", "int", "mil", "biz", "app", "dev", "link", "online",
    "site", "xyz", "ae", "sa", "qa", "kw", "bh", "ly", "gl", "عمان",
];

/// Words that read as a web or mail address.
fn links(text: &str) -> impl Iterator<Item = Range<usize>> {
    words(text).filter(|range| {
        let word = &text[range.clone()];
        let lower = word.to_lowercase();
        let (head, path) =
            lower.find(['/', '?', '#', ':']).map_or((lower.as_str(), ""), |at| lower.split_at(at));
        let host = head.rsplit('@').next().unwrap_or(head);
        let named = is_host(host)
            && (TOP_LEVEL.contains(&host.rsplit('.').next().unwrap_or_default())
                || head.contains('@')
                || path.len() > 1 && path.starts_with('/'));
        lower.contains("://") || lower.starts_with("www.") || lower.starts_with("mailto:") || named
    })
}

/// Words between white space, without the marks that open and close them.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let marks = |c: char| !c.is_alphanumeric() && c != '/' && c != '+';
    text.split_whitespace().filter_map(move |word| {
        let trimmed = word.trim_matches(marks);
        let at = trimmed.as_ptr().addr() - text.as_ptr().addr();
        (!trimmed.is_empty()).then(|| at..at + trimmed.len())
    })
}

/// Labels of letters, digits and hyphens with dots between, the last of at least two letters.
fn is_host(text: &str) -> bool {
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let (host, top) = text.rsplit_once('.').unwrap_or_default();
    host.split('.').all(label) && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)
}

/// A link without scheme and `www.`, in lower case and without a slash at its end.
fn bare(link: &str) -> String {
    let link = link.trim().to_lowercase();
    let link = link.strip_prefix("https://").or(link.strip_prefix("http://")).unwrap_or(&link);
    link.strip_prefix("www.").unwrap_or(link).trim_end_matches('/').to_owned()
}

/// Runs of digits that read as a telephone number: seven to fifteen with single separators between groups, no date, no
/// time; or any behind `tel:`. Shorter numbers are not told from amounts.
fn telephones(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(start) = text[at..].find(|c| digit(c).is_some()).map(|found| at + found) {
            let end = start + run(&text[start..]);
            at = end;
            let before = &text[..start];
            let begun = before.ends_with('+');
            let asked = before.to_lowercase().ends_with("tel:") || before.ends_with('*');
            let glued = before.ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == ',');
            if asked || begun || (!glued && reads_as_number(&text[start..end])) {
                let count = digits(&text[start..end]).len();
                if asked || (7..=15).contains(&count) {
                    return Some(start..end);
                }
            }
        }
        None
    })
}

/// Octets of the digits at the head, single separators between groups included.
fn run(text: &str) -> usize {
    let (mut end, mut gap) = (0, None);
    for (at, c) in text.char_indices() {
        match (digit(c), gap) {
            (Some(_), _) => (end, gap) = (at + c.len_utf8(), None),
            (None, None) if matches!(c, ' ' | '\u{A0}' | '-' | '.' | '(' | ')') => gap = Some(c),
            // A bracket may follow or precede another separator.
            (None, Some(before))
                if (c == '(' && before != '(') || (before == ')' && matches!(c, ' ' | '-')) =>
            {
                gap = Some(c);
            }
            (None, _) => break,
        }
    }
    end
}

fn reads_as_number(text: &str) -> bool {
    let groups: Vec<String> =
        text.split(|c| digit(c).is_none()).filter(|group| !group.is_empty()).map(digits).collect();
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    let points = text.matches('.').count();
    let clock = |group: &String| group.len() == 4 && group[..2] < *"24" && group[2..] < *"60";
    match lengths.as_slice() {
        [7..=15] => true,
        // A decimal fraction; a date; two times of the day.
        [_, _] if points == 1 => false,
        [2 | 1, 2 | 1, 4] | [4, 2 | 1, 2 | 1] => false,
        _ if groups.iter().all(clock) => false,
        several => several.iter().all(|length| *length >= 2),
    }
}

/// The digits of a number as Latin ones, without what stands between.
fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// Without Oman's country code.
fn national(digits: &str) -> &str {
    let number = digits.strip_prefix("00").unwrap_or(digits);
    number.strip_prefix("968").filter(|rest| rest.len() == 8).unwrap_or(digits)
}

/// A decimal digit of the scripts that warnings are written in, as its Latin one.
fn digit(c: char) -> Option<char> {
    /// Zeroes: Latin, Arabic, Urdu and Farsi, Devanagari, Bengali, Malayalam.
    const ZEROES: [u32; 6] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xD66];
    let value = ZEROES.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &[&str]) {
        let list = Allowed::parse(
            &["met.example.om".to_owned(), "https://www.example.org/alerts".to_owned()],
            &["9999".to_owned(), "+968 2451 9999".to_owned(), "80077".to_owned()],
        );
        let found = strangers(text, &list.unwrap());
        assert_eq!(found.into_iter().map(|(_, range)| &text[range]).collect::<Vec<_>>(), want, "{text}");
    }

    #[test]
    fn what_reads_as_a_link_is_found() {
        check("Look at https://evil.example/x now.", &["https://evil.example/x"]);
        check("see www.evil.example, (http://a.b)", &["www.evil.example", "http://a.b"]);
        check("bit.ly/abc t.me/x a@b.example me.om", &["bit.ly/abc", "t.me/x", "a@b.example", "me.om"]);
        check("الموقع: news.om، أو موقع.عمان", &["news.om", "موقع.عمان"]);
        check("met.example.om, https://met.example.om/flood?x=1 www.MET.example.om.", &[]);
        check("example.org/alerts/7 example.org/alertsx", &["example.org/alertsx"]);
        check(
            "met.example.om.evil.com met.example.om@evil.com",
            &["met.example.om.evil.com", "met.example.om@evil.com"],
        );
        check("Leave now.Go up. 6.30pm, km/h, U.A.E. and/or e.g. 50%", &[]);
    }

    #[test]
    fn what_reads_as_a_telephone_number_is_found() {
        check("Call 24567890 or +44 20 7946 0000.", &["24567890", "44 20 7946 0000"]);
        check("اتصل ٢٤٥٦٧٨٩٠ أو 2456-7890", &["٢٤٥٦٧٨٩٠", "2456-7890"]);
        check("(24) 567 890; tel:1234; *123#", &["24) 567 890", "1234", "123"]);
        check("9999: 24519999? 2451 9999, 00968 24519999 +968 24 519 999 tel:80077", &[]);
        check("22/11/2026 16:40-21:00, 2026-11-22, 22.11.2026, 22 11 2026, 1640-2100", &[]);
        check("30-60 mm, 4,933,850 people, 23.588123,58.405923, 120000 l", &[]);
        check("OM12345678 no1234567", &[]);
    }

    #[test]
    fn a_list_says_what_is_wrong_with_it() {
        let of = |link: &str, number: &str| Allowed::parse(&[link.to_owned()], &[number.to_owned()]);
        assert!(of("met.example.om/flood", "9999").is_ok());
        assert_eq!(of("met", "12").unwrap_err().len(), 2);
    }
}
