//! The wedge a cell serves, as a polygon, and its centre of area. Flat geometry about the site: ranges are tens of km.

use geo::{Coord, LineString, Polygon};

/// The arc of a wedge is drawn in steps of at most this many degrees, from outside.
const STEP: f64 = 15.0;

/// Where a sector points and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sector {
    pub(crate) site: Coord<f64>,
    /// Degrees clockwise from north.
    pub(crate) azimuth: f64,
    /// Degrees; 360 is a whole circle.
    pub(crate) beamwidth: f64,
    pub(crate) range_m: f64,
}

impl Sector {
    /// The wedge: the site and an arc around it; a beam of 360 degrees is a disc.
    pub(crate) fn wedge(&self) -> Polygon<f64> {
        let steps = (self.beamwidth / STEP).ceil().max(2.0);
        let step = self.beamwidth / steps;
        let radius = self.range_m / (step / 2.0).to_radians().cos();
        let metres = Metres::at(self.site.y);
        let start = self.azimuth - self.beamwidth / 2.0;
        let corners = super::rows::whole(steps, 360);
        let mut ring = Vec::with_capacity(corners + 3);
        let disc = self.beamwidth >= 360.0;
        if !disc {
            ring.push(self.site);
        }
        let mut bearing = start;
        for _ in 0..=corners {
            ring.push(metres.away(self.site, bearing, radius));
            bearing += step;
        }
        if disc {
            ring.pop();
        }
        Polygon::new(LineString::new(ring), vec![])
    }

    /// Forty-eight points, each in the middle of a piece of the sector of the same area: six rings of eight.
    pub(crate) fn points(&self) -> Vec<Coord<f64>> {
        let metres = Metres::at(self.site.y);
        let point = |n: u8| {
            let (ring, spoke) = (f64::from(n / 8) + 0.5, f64::from(n % 8) + 0.5);
            let bearing = self.azimuth + self.beamwidth * (spoke / 8.0 - 0.5);
            metres.away(self.site, bearing, self.range_m * (ring / 6.0).sqrt())
        };
        (0..48).map(point).collect()
    }

    /// The centre of area of the sector: 4 R sin(w/2) / 3w from the site, 0.5513 R for 120 degrees.
    pub(crate) fn centroid(&self) -> Coord<f64> {
        let width = self.beamwidth.to_radians();
        let distance = 4.0 * self.range_m * (width / 2.0).sin() / (3.0 * width);
        Metres::at(self.site.y).away(self.site, self.azimuth, distance)
    }
}

/// Metres in a degree at one latitude of the WGS 84 ellipsoid.
struct Metres {
    north: f64,
    east: f64,
}

impl Metres {
    /// The usual series for WGS 84, good to a centimetre a degree; away from the poles.
    fn at(lat: f64) -> Metres {
        let phi = lat.to_radians();
        Metres {
            north: 111_132.95 - 559.85 * (2.0 * phi).cos() + 1.18 * (4.0 * phi).cos(),
            east: (111_412.88 * phi.cos() - 93.5 * (3.0 * phi).cos() + 0.12 * (5.0 * phi).cos()).max(1.0),
        }
    }

    fn away(&self, from: Coord<f64>, bearing: f64, distance: f64) -> Coord<f64> {
        let (sin, cos) = bearing.to_radians().sin_cos();
        Coord { x: from.x + distance * sin / self.east, y: from.y + distance * cos / self.north }
    }
}
