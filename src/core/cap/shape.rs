//! Polygons and circles as CAP writes them: latitude first, degrees, WGS 84 (CAP 1.2, 3.2.4). Judged elsewhere.

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

impl Point {
    /// Reads `lat,lon`. Says nothing about range.
    pub fn parse(text: &str) -> Result<Point, BadShape> {
        let bad = || BadShape::Point(text.chars().take(40).collect());
        let (lat, lon) = text.split_once(',').ok_or_else(bad)?;
        Ok(Point { lat: number(lat).ok_or_else(bad)?, lon: number(lon).ok_or_else(bad)? })
    }
}

impl Ring {
    /// Reads points separated by white space (spaces, tabs and newlines are met). Says nothing about form or range.
    pub fn parse(text: &str) -> Result<Ring, BadShape> {
        text.split_ascii_whitespace()
            .map(Point::parse)
            .collect::<Result<_, _>>()
            .map(|points| Ring { points })
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
