//! CAP's form of date and time: `YYYY-MM-DDThh:mm:ss(+|-)hh:mm`, no `Z`, no fractions, UTC written `-00:00` (CAP 1.2, 3.3.2).

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, TimeZone, Utc};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// An instant as its author wrote it: shown so again, octet by octet, for a receiver may compare references as texts.
/// Compared as an instant.
#[derive(Debug, Clone, Copy)]
pub struct CapTime {
    at: DateTime<FixedOffset>,
    /// UTC was written `+00:00`.
    zero: Zero,
    /// The first instant of a day was written as 24:00:00 of the day before.
    midnight: Midnight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zero {
    Minus,
    Plus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Midnight {
    Begins,
    Ends,
}

impl PartialEq for CapTime {
    fn eq(&self, other: &CapTime) -> bool {
        self.at == other.at
    }
}

impl Eq for CapTime {}

impl PartialOrd for CapTime {
    fn partial_cmp(&self, other: &CapTime) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CapTime {
    fn cmp(&self, other: &CapTime) -> Ordering {
        self.at.cmp(&other.at)
    }
}

impl Hash for CapTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}

/// Why a text is not a CAP time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTime {
    /// `Z` or `z` for UTC.
    #[error("UTC is written -00:00, never Z")]
    Zulu,
    /// Seconds with a fraction.
    #[error("no fractions of a second")]
    Fraction,
    /// Anything else.
    #[error("a time is written YYYY-MM-DDThh:mm:ss+hh:mm, for example 2026-11-22T06:30:00+04:00")]
    Form,
}

impl BadTime {
    /// How it is written.
    pub const fn form(self) -> &'static str {
        match self {
            BadTime::Zulu => "-00:00",
            BadTime::Fraction => "hh:mm:ss",
            BadTime::Form => "YYYY-MM-DDThh:mm:ss+hh:mm (2026-11-22T06:30:00+04:00)",
        }
    }
}

/// Oman's offset from UTC, all year: 4 h.
const MUSCAT_SECONDS: i32 = 4 * 3600;

impl CapTime {
    /// Reads the exact form of the standard; `+00:00` and `-00:00` are both UTC.
    pub fn parse(text: &str) -> Result<CapTime, BadTime> {
        let b = text.as_bytes();
        if b.last().is_some_and(|b| b.eq_ignore_ascii_case(&b'z')) {
            return Err(BadTime::Zulu);
        }
        if b.get(19) == Some(&b'.') {
            return Err(BadTime::Fraction);
        }
        let shaped = b.len() == 25
            && b.iter().enumerate().all(|(i, c)| match i {
                4 | 7 => *c == b'-',
                10 => *c == b'T',
                13 | 16 | 22 => *c == b':',
                19 => matches!(c, b'+' | b'-'),
                _ => c.is_ascii_digit(),
            });
        if !shaped {
            return Err(BadTime::Form);
        }
        // XML Schema part 2, 3.2.7: 24:00:00 is the first instant of the next day, and there is no year 0000.
        let midnight = &b[11..19] == b"24:00:00";
        let two = |at: usize| u32::from(b[at] - b'0') * 10 + u32::from(b[at + 1] - b'0');
        let year = (two(0) * 100 + two(2)).cast_signed();
        let clock = if midnight { (0, 0, 0) } else { (two(11), two(14), two(17)) };
        let local = NaiveDate::from_ymd_opt(year, two(5), two(8))
            .filter(|_| year > 0)
            .and_then(|day| day.and_hms_opt(clock.0, clock.1, clock.2))
            .and_then(|local| local.checked_add_signed(Duration::days(i64::from(midnight))))
            .filter(|local| local.year() <= 9999)
            .ok_or(BadTime::Form)?;
        let (hours, minutes) = (two(20).cast_signed(), two(23).cast_signed());
        // XML Schema part 2, 3.2.7.3: an offset is at most 14:00.
        if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
            return Err(BadTime::Form);
        }
        let sign = if b[19] == b'-' { -1 } else { 1 };
        let offset = FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)).ok_or(BadTime::Form)?;
        let at = offset.from_local_datetime(&local).single().ok_or(BadTime::Form)?;
        let zero = if &b[19..] == b"+00:00" { Zero::Plus } else { Zero::Minus };
        let midnight = if midnight { Midnight::Ends } else { Midnight::Begins };
        Ok(CapTime { at, zero, midnight })
    }

    /// The instant in Oman's time, cut to whole seconds.
    pub fn muscat(at: DateTime<Utc>) -> CapTime {
        let whole = DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
        let at = match FixedOffset::east_opt(MUSCAT_SECONDS) {
            Some(offset) => whole.with_timezone(&offset),
            None => whole.fixed_offset(),
        };
        CapTime { at, zero: Zero::Minus, midnight: Midnight::Begins }
    }

    /// How far ahead of UTC its author's clock stands.
    pub fn offset(self) -> Duration {
        Duration::seconds(i64::from(self.at.offset().local_minus_utc()))
    }

    /// The instant.
    pub fn utc(self) -> DateTime<Utc> {
        self.at.with_timezone(&Utc)
    }
}

impl fmt::Display for CapTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.midnight {
            Midnight::Begins => write!(f, "{}", self.at.format("%Y-%m-%dT%H:%M:%S"))?,
            Midnight::Ends => write!(f, "{}T24:00:00", (self.at - Duration::days(1)).format("%Y-%m-%d"))?,
        }
        match self.zero {
            Zero::Plus => f.write_str("+00:00"),
            Zero::Minus if self.at.offset().local_minus_utc() == 0 => f.write_str("-00:00"),
            Zero::Minus => write!(f, "{}", self.at.format("%:z")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Result<&str, BadTime>) {
        assert_eq!(CapTime::parse(text).map(|t| t.to_string()), want.map(str::to_owned), "{text}");
    }

    #[test]
    fn reads_the_standard_form_and_nothing_else() {
        check("2026-11-22T06:30:00+04:00", Ok("2026-11-22T06:30:00+04:00"));
        check("2026-11-22T06:30:00-00:00", Ok("2026-11-22T06:30:00-00:00"));
        check("2026-11-22T06:30:00+00:00", Ok("2026-11-22T06:30:00+00:00"));
        check("2026-11-22T06:30:00Z", Err(BadTime::Zulu));
        check("2026-11-22T06:30:00.5+04:00", Err(BadTime::Fraction));
        check("2026-11-22T06:30:00", Err(BadTime::Form));
        check("2026-02-30T06:30:00+04:00", Err(BadTime::Form));
        check("2026-11-22T24:30:00+04:00", Err(BadTime::Form));
        check("2026-11-22T24:00:00+04:00", Ok("2026-11-22T24:00:00+04:00"));
        check("2026-11-30T24:00:00+00:00", Ok("2026-11-30T24:00:00+00:00"));
        check("2026-11-22T06:30:00+05:30", Ok("2026-11-22T06:30:00+05:30"));
        check("9999-12-31T24:00:00+14:00", Err(BadTime::Form));
        check("0000-11-22T06:30:00+04:00", Err(BadTime::Form));
        check("2026-11-22T06:30:00+14:01", Err(BadTime::Form));
        check("2026-11-22 06:30:00+04:00", Err(BadTime::Form));
        check("٢٠٢٦-11-22T06:30:00+04:00", Err(BadTime::Form));
        check("", Err(BadTime::Form));
    }

    #[test]
    fn compares_as_an_instant() {
        let at = |t| CapTime::parse(t).unwrap();
        assert_eq!(at("2026-11-22T06:30:00+04:00").utc(), at("2026-11-22T02:30:00-00:00").utc());
        assert_eq!(at("2026-11-22T06:30:00+00:00"), at("2026-11-22T06:30:00-00:00"));
        assert_eq!(at("2026-11-22T24:00:00+04:00"), at("2026-11-23T00:00:00+04:00"));
    }
}
