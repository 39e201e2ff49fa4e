//! Polygons and circles as CAP writes them: latitude first, degrees, WGS 84 (CAP 1.2, 3.2.4). Judged elsewhere.

use crate::fault::{Kind, Told};
use std::fmt;

/// A point, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// The points of a polygon in the order written, the closing point included.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// As written; a lawful ring has four or more, the last equal to the first.
    pub points: Vec<Point>,
}

/// A circle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle {
    /// Its centre.
    pub centre: Point,
    /// Kilometres; 0 is a point.
    pub radius_km: f64,
}

/// Why a shape cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadShape {
    /// Not `lat,lon`.
    #[error("\"{0}\" is not a point: two decimal numbers with a comma between, latitude first")]
    Point(String),
    /// Not `lat,lon radius`.
    #[error("\"{0}\" is not a circle: \"lat,lon radius\", the radius in kilometres")]
    Circle(String),
}

impl BadShape {
    /// As a fault tells it.
    pub fn told(&self) -> Told {
        let (BadShape::Point(found) | BadShape::Circle(found)) = self;
        let form = match self {
            BadShape::Point(_) => "lat,lon",
            BadShape::Circle(_) => "lat,lon radius",
        };
        Told::new(self.to_string(), [(Kind::Found, found.clone()), (Kind::Wanted, form.to_owned())])
    }
}

impl Point {
    /// Reads `lat,lon`. Says nothing about range.
    pub fn parse(text: &str) -> Result<Point, BadShape> {
        let bad = || BadShape::Point(text.chars().take(40).collect());
        // In so few octets a plain walk finds the comma sooner than a search made for long texts.
        let comma = text.bytes().position(|octet| octet == b',').ok_or_else(bad)?;
        let (lat, lon) = (&text[..comma], &text[comma + 1..]);
        Ok(Point { lat: number(lat).ok_or_else(bad)?, lon: number(lon).ok_or_else(bad)? })
    }
}

impl Ring {
    /// Reads points separated by white space (spaces, tabs and newlines are met). Says nothing about form or range.
    pub fn parse(text: &str) -> Result<Ring, BadShape> {
        // A point is seldom shorter than this, so the list seldom moves.
        let mut points = Vec::with_capacity(text.len() / 12);
        let octets = text.as_bytes();
        let mut at = 0;
        loop {
            at += octets[at..].iter().take_while(|octet| octet.is_ascii_whitespace()).count();
            let rest = &octets[at..];
            if rest.is_empty() {
                return Ok(Ring { points });
            }
            // Nearly every point is plain and short, and is read as it is met; any other is cut out and looked at.
            let (point, length) = if let Some(plain) = plain(rest) {
                plain
            } else {
                let length = rest.iter().take_while(|octet| !octet.is_ascii_whitespace()).count();
                (Point::parse(&text[at..at + length])?, length)
            };
            points.push(point);
            at += length;
        }
    }
}

/// A point of two short numbers at the head of the octets, with white space or the end after it; and its length.
fn plain(octets: &[u8]) -> Option<(Point, usize)> {
    let (lat, comma) = head(octets)?;
    let after = octets.get(comma..)?.strip_prefix(b",")?;
    let (lon, length) = head(after)?;
    let end = comma + 1 + length;
    octets.get(end).is_none_or(u8::is_ascii_whitespace).then_some((Point { lat, lon }, end))
}

impl Circle {
    /// Reads `lat,lon radius`. Says nothing about range.
    pub fn parse(text: &str) -> Result<Circle, BadShape> {
        let bad = || BadShape::Circle(text.chars().take(40).collect());
        let mut parts = text.split_ascii_whitespace();
        let (Some(centre), Some(radius), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        Ok(Circle {
            centre: Point::parse(centre).map_err(|_| bad())?,
            radius_km: number(radius).ok_or_else(bad)?,
        })
    }
}

/// A plain decimal number; not `inf`, not `nan`, not hexadecimal.
fn number(text: &str) -> Option<f64> {
    short(text).or_else(|| long(text))
}

/// Powers of ten that are exact.
const TENS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A number of at most 15 digits, as coordinates are: digits and power of ten are exact, so their quotient is the nearest
/// double, the one any reader gives (Clinger, How to read floating point numbers accurately, 1990).
fn short(text: &str) -> Option<f64> {
    head(text.as_bytes()).filter(|(_, length)| *length == text.len()).map(|(number, _)| number)
}

/// The short number that octets begin with, and how many of them it takes.
fn head(octets: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(octets.first(), Some(b'-' | b'+')));
    let (mut digits, mut point, mut end) = (0_u64, None, sign);
    for octet in octets.get(sign..)? {
        match octet {
            b'0'..=b'9' => digits = digits.wrapping_mul(10).wrapping_add(u64::from(octet - b'0')),
            b'.' if point.is_none() => point = Some(end),
            _ => break,
        }
        end += 1;
    }
    let count = end - sign - usize::from(point.is_some());
    let places = point.map_or(0, |point| end - point - 1);
    if !(1..=15).contains(&count) {
        return None;
    }
    let number = digits as f64 / TENS[places];
    Some((if octets.first() == Some(&b'-') { -number } else { number }, end))
}

fn long(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    plain.then(|| text.parse().ok()).flatten().filter(|n: &f64| n.is_finite())
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.lat, self.lon)
    }
}

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, point) in self.points.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{point}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.centre, self.radius_km)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn short_numbers_are_read_as_any_reader_reads_them(text in "[+-]?[0-9]{0,9}[.]?[0-9]{0,8}") {
            if let Some(number) = short(&text) {
                prop_assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
            }
        }
    }

    proptest! {
        /// Point by point, as they would be read alone.
        #[test]
        fn a_ring_is_read_as_its_points(text in "([-+0-9.,e \\n\\t]|[0-9]{1,2}[.][0-9]{1,16}|,| ){0,60}") {
            let alone: Result<Vec<Point>, BadShape> = text.split_ascii_whitespace().map(Point::parse).collect();
            let bits = |points: &[Point]| -> Vec<[u64; 2]> {
                points.iter().map(|p| [p.lat.to_bits(), p.lon.to_bits()]).collect()
            };
            match (Ring::parse(&text), alone) {
                (Ok(ring), Ok(alone)) => prop_assert_eq!(bits(&ring.points), bits(&alone), "{}", text),
                (ring, alone) => prop_assert_eq!(ring.map(|r| r.points), alone, "{}", text),
            }
        }
    }

    #[test]
    fn numbers_are_plain() {
        let check = |text: &str, want: Option<f64>| assert_eq!(number(text), want, "{text}");
        check("57.5", Some(57.5));
        check("-.5", Some(-0.5));
        check("5.", Some(5.0));
        check("1e2", Some(100.0));
        check("0.1234567890123456789", Some(0.123_456_789_012_345_68));
        for bad in ["", ".", "-", "+-1", "1.2.3", "inf", "NaN", "0x10", "١"] {
            check(bad, None);
        }
    }
}
