//! Telephone numbers in a text: runs of digits that are no date, time, amount, range, coordinate or bulletin's number.

use super::digits;
use std::ops::Range;

/// Digits of a number that can be dialled from elsewhere: fewer are not told from amounts.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Whatever reads as a telephone number, in its order, as octets of the text.
pub(super) fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(from) = text[at..].find(|c| digit(c).is_some()) {
        let run = Run::at(text, at + from);
        at = run.end();
        found.extend(run.numbers());
    }
    found
}

/// A group of digits.
#[derive(Debug)]
struct Group {
    range: Range<usize>,
    /// As Latin digits.
    digits: String,
    /// What stands between it and the group before: a sign, or a space where there is none.
    joint: char,
}

impl Group {
    fn value(&self) -> u64 {
        self.digits.parse().unwrap_or(u64::MAX)
    }

    /// Whether it is a number of at most two digits within these bounds.
    fn is_small(&self, bounds: Range<u64>) -> bool {
        self.digits.len() <= 2 && bounds.contains(&self.value())
    }

    fn is_year(&self) -> bool {
        self.digits.len() == 4 && (1900..2100).contains(&self.value())
    }

    /// 1640
    fn is_clock(&self) -> bool {
        self.digits.len() == 4 && self.value() / 100 < 24 && self.value() % 100 < 60
    }

    /// 20261122, 202611220630, 20261122063000
    fn is_stamp(&self) -> bool {
        let part = |at: usize| self.digits.get(at..at + 2).and_then(|part| part.parse::<u32>().ok());
        let below = |at: usize, end: u32| part(at).is_none_or(|value| value < end);
        matches!(self.digits.len(), 8 | 12 | 14)
            && part(0) == Some(20)
            && part(4).is_some_and(|month| (1..=12).contains(&month))
            && part(6).is_some_and(|day| (1..=31).contains(&day))
            && below(8, 24)
            && below(10, 60)
            && below(12, 60)
    }
}

/// Groups of digits with a joint between each and the next.
struct Run<'a> {
    text: &'a str,
    groups: Vec<Group>,
}

impl Run<'_> {
    /// The run that begins at an octet where a digit stands.
    fn at(text: &str, start: usize) -> Run<'_> {
        let mut groups = Vec::new();
        let (mut from, mut joint) = (start, ' ');
        loop {
            let length = text[from..].find(|c| digit(c).is_none()).unwrap_or(text.len() - from);
            let range = from..from + length;
            groups.push(Group { digits: digits(&text[range.clone()]), range: range.clone(), joint });
            let rest = &text[range.end..];
            let gap = rest.find(|c| digit(c).is_some()).map(|end| &rest[..end]);
            match gap.and_then(|gap| Some((gap.len(), joins(gap)?))) {
                Some((octets, sign)) => (from, joint) = (range.end + octets, sign),
                None => return Run { text, groups },
            }
        }
    }

    fn end(&self) -> usize {
        self.groups.last().map_or(0, |group| group.range.end)
    }

    fn numbers(&self) -> Vec<Range<usize>> {
        let before = self.groups.first().map_or("", |first| &self.text[..first.range.start]);
        if before.ends_with('*') || ["tel:", "sms:"].iter().any(|scheme| ends_with(before, scheme)) {
            return vec![self.range(&(0..self.groups.len()))];
        }
        // A letter that stands before, or one with a dash, makes a mark of it - OM12345678 - unless it is one of Oman's numbers.
        let marked = before.trim_end_matches(['-', '/']).ends_with(|c: char| c.is_ascii_alphabetic());
        let begun = before.ends_with(['+', '＋']);
        let mut found = Vec::new();
        let mut from = 0;
        while from < self.groups.len() {
            // Dates and times stand by themselves wherever they are.
            let taken = if begun && from == 0 { 0 } else { self.moment(from) };
            if taken > 0 {
                from += taken;
                continue;
            }
            let end =
                (from + 1..self.groups.len()).find(|at| self.moment(*at) > 0).unwrap_or(self.groups.len());
            if (begun && from == 0) || !self.is_measured(from..end) {
                found.extend(self.split(from..end));
            }
            from = end;
        }
        found.retain(|part| !(marked && part.start == 0) || is_omani(&self.digits(part)));
        found.iter().map(|part| self.range(part)).collect()
    }

    /// Groups of what is left, number by number. A group that is long enough is one by itself, with its country's code.
    fn split(&self, part: Range<usize>) -> Vec<Range<usize>> {
        let long =
            |at: &usize| DIGITS.contains(&self.groups[*at].digits.len()) && !self.groups[*at].is_stamp();
        let is_code = |at: usize| matches!(self.groups[at].digits.as_str(), "968" | "00968");
        let (mut found, mut from) = (Vec::new(), part.start);
        for at in part.clone().filter(long) {
            let start = if at > from && is_code(at - 1) { at - 1 } else { at };
            found.extend(self.short(from..start));
            found.push(start..at + 1);
            from = at + 1;
        }
        found.extend(self.short(from..part.end));
        found
    }

    /// Groups of which none is a number by itself, if they are one together.
    fn short(&self, part: Range<usize>) -> Option<Range<usize>> {
        let groups = &self.groups[part.clone()];
        let spelt = groups.len() >= 4 && groups.iter().all(|group| group.digits.len() == 1);
        // Many dots are a document's or a chapter's number.
        let dotted = groups.len() >= 6 && groups[1..].iter().all(|group| group.joint == '.');
        let long = self.digits(&part).len() >= *DIGITS.start() && !groups.iter().any(Group::is_stamp);
        (spelt || (long && !dotted)).then_some(part)
    }

    /// How many groups at this one are a date or a time of the day: 16:40, 22/11/2026, 2026-11-22, 20261122.
    fn moment(&self, at: usize) -> usize {
        let [first, rest @ ..] = &self.groups[at..] else { return 0 };
        match rest {
            [second, third, ..]
                if second.joint == third.joint && matches!(second.joint, '/' | '-' | '.' | ' ') =>
            {
                let (day, month) = (1..32, 1..13);
                let forward = first.is_small(day.clone()) && second.is_small(month.clone());
                let backward = second.is_small(month) && third.is_small(day);
                let short = second.joint != ' '
                    && forward
                    && third.digits.len() == 2
                    && self.ends_at(at + 3, second.joint);
                if (forward && third.is_year()) || (first.is_year() && backward) || short {
                    return 3;
                }
            }
            _ => {}
        }
        match rest {
            [second, third, ..]
                if second.joint == ':'
                    && third.joint == ':'
                    && [first, second, third].iter().all(|g| g.is_small(0..60)) =>
            {
                3
            }
            [second, ..]
                if second.joint == ':'
                    && first.is_small(0..25)
                    && second.is_small(0..60)
                    && self.ends_at(at + 2, ':') =>
            {
                2
            }
            // More digits than any number has.
            _ => usize::from(first.is_stamp() || first.digits.len() > *DIGITS.end()),
        }
    }

    /// Whether no group stands there that is joined by this sign.
    fn ends_at(&self, at: usize, joint: char) -> bool {
        self.groups.get(at).is_none_or(|next| next.joint != joint)
    }

    /// Whether all of these are amounts, ranges, coordinates, hours or a bulletin's number and year.
    fn is_measured(&self, part: Range<usize>) -> bool {
        let mut at = part.start;
        while at < part.end {
            let taken = self.measure(at..part.end);
            if taken == 0 {
                return false;
            }
            at += taken;
        }
        true
    }

    /// How many of these groups one of them takes.
    fn measure(&self, part: Range<usize>) -> usize {
        let groups = &self.groups[part.clone()];
        let [first, rest @ ..] = groups else { return 0 };
        // 4,933,850, and 49,33,850 as it is written in India.
        let thousands =
            rest.iter().take_while(|group| group.joint == ',' && matches!(group.digits.len(), 2 | 3)).count();
        if thousands > 0
            && (1..=3).contains(&first.digits.len())
            && rest[thousands - 1].digits.len() == 3
            && rest.get(thousands).is_none_or(|group| group.joint != ',')
            && !is_mobile(&self.digits(&(part.start..part.start + 1 + thousands)))
        {
            return 1 + thousands;
        }
        match rest {
            // 23.588123: its whole part is a degree or an amount.
            [second, ..] if second.joint == '.' && rest.get(1).is_none_or(|third| third.joint != '.') => {
                let fine = second.digits.len() >= 4;
                let amount = first.digits.len() <= 3 && (!fine || first.value() <= 70)
                    || first.digits.len() <= 5 && second.digits.len() <= 2;
                if amount && !(groups.len() == 4 && is_mobile(&self.digits(&part))) { 2 } else { 0 }
            }
            [second, ..]
                if matches!(second.joint, '-' | '/') && self.ends_at(part.start + 2, second.joint) =>
            {
                let (a, b) = (first.digits.len(), second.digits.len());
                let rises = first.value() < second.value();
                let round = first.value() % 50 == 0 && second.value() % 50 == 0;
                let range = rises && (a <= 3 && b <= 4 || a <= 4 && b <= 5 && round);
                let numbered = first.is_year() && b <= 6
                    || second.is_year() && (a <= 3 || a == 4 && second.joint == '/');
                if range || numbered || first.is_clock() && second.is_clock() { 2 } else { 0 }
            }
            _ => 0,
        }
    }

    fn digits(&self, part: &Range<usize>) -> String {
        self.groups[part.clone()].iter().map(|group| group.digits.as_str()).collect()
    }

    fn range(&self, part: &Range<usize>) -> Range<usize> {
        self.groups[part.start].range.start..self.groups[part.end - 1].range.end
    }
}

/// The sign by which what stands between two groups joins them; `None` where they belong to two things.
fn joins(gap: &str) -> Option<char> {
    let alone = |c: char| match c {
        '/' | ':' | '_' => Some(c),
        ',' | '،' | '٬' => Some(','),
        '٫' => Some('.'),
        _ => None,
    };
    let mut joint = ' ';
    for (nth, c) in gap.chars().enumerate() {
        let sign = match c {
            ' ' | '\u{A0}' | '\u{202F}' | '\u{2000}'..='\u{200A}' | '(' | ')' => ' ',
            '-' | '\u{2010}'..='\u{2015}' | '−' => '-',
            '.' => '.',
            c if gap.chars().nth(1).is_none() => alone(c)?,
            _ => return None,
        };
        // A sign and the spaces and brackets about it; a full stop with a space after it ends a sentence.
        if nth == 3 || (sign != ' ' && joint != ' ') || (c == ' ' && joint == '.') {
            return None;
        }
        joint = if sign == ' ' { joint } else { sign };
    }
    Some(joint)
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len()
        .checked_sub(end.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// Eight digits from 2, 7 or 9, with Oman's code or without (Oman's numbering plan).
fn is_omani(digits: &str) -> bool {
    super::national(digits).len() == 8 && super::national(digits).starts_with(['2', '7', '9'])
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 8 && digits.starts_with(['7', '9'])
}

/// A decimal digit of any script that somebody in Oman may type, as its Latin one.
pub(super) fn digit(c: char) -> Option<char> {
    let from = |zero: u32| char::from_digit(u32::from(c).wrapping_sub(zero), 10);
    match c {
        '0'..='9' => Some(c),
        '\u{660}'..='\u{669}' => from(0x660),
        '\u{6F0}'..='\u{6F9}' => from(0x6F0),
        // Each of the ten scripts from Devanagari to Sinhala has its digits at the same place of its 128.
        '\u{900}'..='\u{DFF}' => char::from_digit((u32::from(c) & 0x7F).wrapping_sub(0x66), 10),
        // Thai, Myanmar, full width.
        '\u{E50}'..='\u{E59}' => from(0xE50),
        '\u{1040}'..='\u{1049}' => from(0x1040),
        '\u{FF10}'..='\u{FF19}' => from(0xFF10),
        _ => None,
    }
}
