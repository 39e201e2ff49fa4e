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
        for point in text.split_ascii_whitespace() {
            points.push(Point::parse(point)?);
        }
        Ok(Ring { points })
    }
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
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mut digits, mut count, mut point) = (0_u64, 0_usize, None);
    for octet in unsigned.bytes() {
        match octet {
            b'0'..=b'9' => {
                digits = digits * 10 + u64::from(octet - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
        if count > 15 {
            return None;
        }
    }
    let places = count - point.unwrap_or(count);
    let number = digits as f64 / TENS[places];
    (count > 0).then_some(if text.starts_with('-') { -number } else { number })
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
