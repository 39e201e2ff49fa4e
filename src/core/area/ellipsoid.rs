//! Areas on the WGS 84 ellipsoid of shapes whose edges are straight in degrees: exactly additive, so shares add up.

use geo::{Coord, LineString, MultiPolygon};

/// Semi-minor axis of WGS 84, in kilometres.
const B: f64 = 6_356.752_314_245;
/// First eccentricity of WGS 84.
const E: f64 = 0.081_819_190_842_622;

/// The area in square kilometres. Geodesics are not asked: an edge is the straight line in degrees that every other
/// decision takes it for.
pub(crate) fn km2(shape: &MultiPolygon<f64>) -> f64 {
    shape
        .iter()
        .map(|p| ring(p.exterior()).abs() - p.interiors().iter().map(|hole| ring(hole).abs()).sum::<f64>())
        .sum()
}

fn ring(ring: &LineString<f64>) -> f64 {
    ring.lines().map(|edge| under(edge.start, edge.end)).sum()
}

/// The signed area between an edge and the equator: the mean of `strip` along the edge (Simpson's rule, exact to
/// 1e-7 for an edge of ten degrees) times the difference of longitude.
pub(super) fn under(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let mean = (strip(a.y) + 4.0 * strip(f64::midpoint(a.y, b.y)) + strip(b.y)) / 6.0;
    (b.x - a.x).to_radians() * mean
}

/// The area between the equator and a parallel, a radian of longitude, in square kilometres (Snyder, Map
/// Projections: A Working Manual, USGS 1395, 3-12).
fn strip(lat: f64) -> f64 {
    let sin = lat.to_radians().sin();
    B * B / 2.0 * (sin / (1.0 - (E * sin).powi(2)) + (E * sin).atanh() / E)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::fixtures::polygon;
    use geo::algorithm::GeodesicArea;

    fn check(what: &str, points: &[(f64, f64)], within: f64) {
        let shape = MultiPolygon::from(polygon(points));
        let (ours, geodesic) = (km2(&shape), shape.geodesic_area_unsigned() / 1e6);
        assert!((ours / geodesic - 1.0).abs() < within, "{what}: {ours} and {geodesic}");
    }

    #[test]
    fn agrees_with_geodesic_areas_where_edges_are_short() {
        check("a kilometre", &[(57.5, 22.9), (57.51, 22.9), (57.51, 22.91), (57.5, 22.91)], 1e-7);
        check("a triangle", &[(57.5, 22.9), (57.6, 22.93), (57.55, 23.01)], 3e-4);
        check("a degree", &[(57.5, 22.5), (58.5, 22.5), (58.5, 23.5), (57.5, 23.5)], 1e-4);
    }

    #[test]
    fn the_whole_earth_is_as_large_as_it_is() {
        let earth = polygon(&[(-180., -90.), (180., -90.), (180., 90.), (-180., 90.)]);
        // 510,065,621.7 km2 (WGS 84).
        let upright = km2(&earth.into());
        assert!((upright - 510_065_621.7).abs() < 1.0, "{upright}");
    }
}
