//! Links and telephone numbers: found in a text as phones find them, and held against the list of those that may be sent.
//!
//! A phone makes a link of what reads like one, and who taps it trusts the sender of the alert.

use std::borrow::Cow;
use std::ops::Range;

/// Web and mail addresses in a text.
mod links;
/// Telephone numbers in a text.
mod numbers;
/// The top-level names of the Internet.
mod top_level;

use links::{is_host, links};
use numbers::{digit, numbers};

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
    /// A telephone number of seven digits or more, one behind `tel:`, or one spelt digit by digit.
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
                let groups: Vec<String> = text
                    .split(|c| digit(c).is_none())
                    .filter(|group| !group.is_empty())
                    .map(digits)
                    .collect();
                self.has_all(&groups)
            }
        }
    }
}

impl Allowed {
    /// Whether groups of digits are numbers of the list, one after another: "9999 / 2451 9999".
    fn has_all(&self, groups: &[String]) -> bool {
        let listed =
            |groups: &[String]| self.telephones.iter().any(|known| *known == national(&groups.concat()));
        // Up to which group the list has them; a number has at most fifteen groups.
        let mut had = vec![true];
        for end in 1..=groups.len() {
            let from = end.saturating_sub(15)..end;
            let has = from.into_iter().any(|start| had[start] && listed(&groups[start..end]));
            had.push(has);
        }
        had.last() == Some(&true)
    }
}

/// Everything in a text that a phone makes tappable and the list does not have, in its order, as octets of the text.
pub(super) fn strangers(text: &str, allowed: &Allowed) -> Vec<(Tappable, Range<usize>)> {
    let Seen { text, hidden } = Seen::of(text);
    let mut found: Vec<_> = links(&text).into_iter().map(|range| (Tappable::Link, range)).collect();
    let within = |range: &Range<usize>, others: &[(Tappable, Range<usize>)]| {
        others.iter().any(|(_, other)| other.start <= range.start && range.end <= other.end)
    };
    let numbers: Vec<_> = numbers(&text).into_iter().filter(|range| !within(range, &found)).collect();
    found.extend(numbers.into_iter().map(|range| (Tappable::Telephone, range)));
    found.retain(|(kind, range)| !allowed.has(*kind, &text[range.clone()]));
    found.sort_by_key(|(_, range)| range.start);
    // Back to the text as given.
    let place =
        |at: usize| hidden.iter().fold(at, |at, (from, octets)| if *from <= at { at + octets } else { at });
    found.into_iter().map(|(kind, range)| (kind, place(range.start)..place(range.end - 1) + 1)).collect()
}

/// A text as it is seen, and what is not: where it stood in the text as given, and how many octets it has.
struct Seen<'a> {
    text: Cow<'a, str>,
    hidden: Vec<(usize, usize)>,
}

impl Seen<'_> {
    /// Marks and joiners without a shape of their own stand between characters that are read as one word.
    fn of(text: &str) -> Seen<'_> {
        let is_hidden = |c: char| {
            matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}')
        };
        if text.is_ascii() || !text.contains(is_hidden) {
            return Seen { text: Cow::Borrowed(text), hidden: vec![] };
        }
        let hidden = text.match_indices(is_hidden).map(|(at, mark)| (at, mark.len())).collect();
        Seen { text: Cow::Owned(text.replace(is_hidden, "")), hidden }
    }
}

/// A link without scheme and `www.`, in lower case and without a slash at its end.
fn bare(link: &str) -> String {
    let link = link.trim().to_lowercase();
    let link = link.strip_prefix("https://").or(link.strip_prefix("http://")).unwrap_or(&link);
    link.strip_prefix("www.").unwrap_or(link).trim_end_matches('/').to_owned()
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
        check(
            "evil.co evil.shop evil.zip 360.cn xn--h.co قناة.موقع أخبار.امارات समाचार.भारत",
            &[
                "evil.co",
                "evil.shop",
                "evil.zip",
                "360.cn",
                "xn--h.co",
                "قناة.موقع",
                "أخبار.امارات",
                "समाचार.भारत",
            ],
        );
        check(
            "hxxp://evil hxxps://evil.co/a hxxp:evil.co t.me/x wa.me t.ME",
            &["hxxp://evil", "hxxps://evil.co/a", "evil.co", "t.me/x", "wa.me", "t.ME"],
        );
        check(
            "زورواevil.co، الموقع:evil.om الآن،evil.me(evil.ae)«evil.qa» see:www.evil",
            &["زورواevil.co", "evil.om", "evil.me", "evil.ae", "evil.qa", "www.evil"],
        );
        check("met.example.om,evil.co met.example.om:evil.co met.example.om/a|evil.co", &["evil.co"; 3]);
        check(
            "http://10.0.0.1/x 10.0.0.1:8080/x 10.0.0.1",
            &["http://10.0.0.1/x", "10.0.0.1:8080/x", "10.0.0.1"],
        );
        check("ev\u{200D}il\u{200F}.co و evil.\u{2069}co", &["ev\u{200D}il\u{200F}.co", "evil.\u{2069}co"]);
        check(
            "الموقع:https://met.example.om/a met.example.om, https://met.example.om/flood?x=1 www.MET.example.om.",
            &[],
        );
        check("انتهى المطر.ابتعدوا عن الوادي. 5.5 mm, 1.2.3, 6.30 p.m. No.5 v2.0 Ph.D. الآن.", &[]);
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
        check("اتصل99887766 call99887766، 99887766اتصل TEL-99887766 .99887766", &["99887766"; 5]);
        check(
            "9,9,8,8 9 9 8 8 7 7 6 6؛ 9-9-8-8 9.9.8.8.7.7.6.6",
            &["9,9,8,8 9 9 8 8 7 7 6 6", "9-9-8-8 9.9.8.8.7.7.6.6"],
        );
        check(
            "99,88,77,66; 99:88:77:66; 9988/7766; 99.88.77.66; 9-988-7766; 9988 - 7766",
            &["99,88,77,66", "99:88:77:66", "9988/7766", "99.88.77.66", "9-988-7766", "9988 - 7766"],
        );
        check(
            "۹۹۸۸۷۷۶۶, ٩٩ ٨٨ ٧٧ ٦٦, ९९८८७७६६, ৯৯৮৮৭৭৬৬, ൯൯൮൮൭൭൬൬, 9٩8۸77६६, ９９８８７７６６",
            &["۹۹۸۸۷۷۶۶", "٩٩ ٨٨ ٧٧ ٦٦", "९९८८७७६६", "৯৯৮৮৭৭৬৬", "൯൯൮൮൭൭൬൬", "9٩8۸77६६", "９９８８７７６６"],
        );
        check(
            "+968 99887766, +968-9988-7766, 00968 99887766, 968.9988.7766, +968(99)887766, (+968) 99 88 77 66",
            &[
                "968 99887766",
                "968-9988-7766",
                "00968 99887766",
                "968.9988.7766",
                "968(99)887766",
                "968) 99 88 77 66",
            ],
        );
        check(
            "99\u{200F}88\u{200B}7766 99–88–77–66 99\u{A0}887\u{2011}766",
            &["99\u{200F}88\u{200B}7766", "99–88–77–66 99\u{A0}887\u{2011}766"],
        );
        check("22/11/2026 99887766 16:40, 30-60 mm 2451 9999 2026-11-22 24567890", &["99887766", "24567890"]);
        check(
            "99.887766; 99.88 77.66; 99,887,766; 24-567 890; +22 11 2026 00",
            &["99.887766", "99.88 77.66", "99,887,766", "24-567 890", "22 11 2026 00"],
        );
        check("9999,24519999 9999/80077 (9999) +968 2451-9999 ٩٩٩٩ اتصل9999 ٢٤٥١ ٩٩٩٩", &[]);
        check("OM12345678 no1234567 CAA-2026-000123 2026/000123 0045/2026 12/2026 2026-0167 2025-2026", &[]);
        check(
            "2026-11-22 16:40, 22-11-2026 16:40-21:00, 22/11/26 06:30:00 - 23/11/26 07:00, 22-23/11/2026 16:40",
            &[],
        );
        check(
            "2026-11-28T16:40:00+04:00 20261128 202611281640 2.49.0.1.512.0.20261122063000.1 ٢٢/١١/٢٠٢٦ ١٦:٤٠",
            &[],
        );
        check(
            "500-1000 m, 2000-2500 m, 995-1005 hPa, 1,000-2,000, 30-60 60-100, 16.40-21.00, 23.5-24.5, 120–150 km/h",
            &[],
        );
        check(
            "23.5881 58.4059, 23.588123, 58.405923; 23°35'17\"N 58°24'21\"E, ٤٬٩٣٣٬٨٥٠ 49,33,850 ٢٣٫٥٨٨ ٥٨٫٤٠٥",
            &[],
        );
        check("1, 2, 3, 4, 5, 6, 7, 8. 2026. 16:40. 30 60\n99 88\n77 66 0123456789012345", &[]);
    }

    #[test]
    fn a_list_says_what_is_wrong_with_it() {
        let of = |link: &str, number: &str| Allowed::parse(&[link.to_owned()], &[number.to_owned()]);
        assert!(of("met.example.om/flood", "9999").is_ok());
        assert_eq!(of("met", "12").unwrap_err().len(), 2);
    }
}
