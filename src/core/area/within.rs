//! Which cells an area holds: by their centres, a scan along rows of latitude; by their sectors, a tree of boxes.

use super::cells::{Cell, CellList};
use super::prepared::{Position, Prepared, locate, whole};
use geo::{BoundingRect, Coord, Line, LinesIter, MultiPolygon, Polygon, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// When a cell counts as inside an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Its centre lies strictly inside. For counting and for benches.
    Centroid,
    /// Its wedge shares an area with it. What delivery uses: no phone in the area may be missed.
    Sector,
}

/// What finds cells: the rows they stand in, and a tree of the boxes of their wedges.
#[derive(Debug, Clone)]
pub(crate) struct Finder {
    south: f64,
    /// Row `r` is `cells[starts[r]..starts[r + 1]]`.
    starts: Vec<usize>,
    centres: Vec<Coord<f64>>,
    wedges: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

/// Rows in a degree of latitude: one is about 2.2 km high.
const ROWS: f64 = 50.0;
/// Wider than any rounding of a computed longitude, in degrees.
const SLACK: f64 = 1e-9;

impl CellList {
    /// The cells an area holds, as positions in `cells()`, ascending.
    pub fn within(&self, area: &MultiPolygon<f64>, rule: Rule) -> Vec<usize> {
        let mut found = Vec::new();
        for polygon in area {
            match rule {
                Rule::Centroid => self.finder.centres_in(polygon, &mut found),
                Rule::Sector => self.sectors_in(polygon, &mut found),
            }
        }
        if area.0.len() > 1 || rule == Rule::Sector {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    fn sectors_in(&self, polygon: &Polygon<f64>, found: &mut Vec<usize>) {
        let Some(area) = Prepared::new(polygon) else { return };
        let (low, high) = (area.bounds.min(), area.bounds.max());
        let bounds = AABB::from_corners([low.x, low.y], [high.x, high.y]);
        for candidate in self.finder.wedges.locate_in_envelope_intersecting(&bounds) {
            let sector = self.cells[candidate.data].sector();
            // The site is a corner of the wedge: where it is strictly inside, some of the wedge is. Where it is not
            // and no edge of the area comes near, none is.
            let (low, high) = (candidate.geom().lower(), candidate.geom().upper());
            let bounds = Rect::new(Coord::from(low), Coord::from(high));
            if area.position(sector.site) == Position::Inside
                || area.reaches(bounds)
                    && Prepared::new(&sector.wedge()).is_some_and(|wedge| wedge.meets(&area))
            {
                found.push(candidate.data);
            }
        }
    }
}

impl Finder {
    /// Orders the cells by rows and builds the tree.
    pub(crate) fn new(mut cells: Vec<Cell>) -> (Vec<Cell>, Finder) {
        let south = cells.iter().map(|c| c.centre.lat).fold(f64::INFINITY, f64::min);
        let row = |c: &Cell| whole((c.centre.lat - south) * ROWS, 180 * 50);
        cells.sort_by(|a, b| row(a).cmp(&row(b)).then_with(|| a.centre.lon.total_cmp(&b.centre.lon)));
        let count = cells.last().map_or(0, |c| row(c) + 1);
        let starts = (0..=count).map(|r| cells.partition_point(|c| row(c) < r)).collect();
        let centres = cells.iter().map(|c| Coord { x: c.centre.lon, y: c.centre.lat }).collect();
        let boxes = cells.iter().enumerate().filter_map(|(i, cell)| {
            let bounds = cell.sector().wedge().bounding_rect()?;
            let (low, high) = (bounds.min(), bounds.max());
            Some(GeomWithData::new(Rectangle::from_corners([low.x, low.y], [high.x, high.y]), i))
        });
        let wedges = RTree::bulk_load(boxes.collect());
        (cells, Finder { south, starts, centres, wedges })
    }

    /// Walks the rows from south to north with the edges that reach each. In a row, the stretches no edge enters lie
    /// wholly inside or wholly outside; only cells under an edge are asked one by one.
    fn centres_in(&self, polygon: &Polygon<f64>, found: &mut Vec<usize>) {
        let Some(bounds) = polygon.bounding_rect() else { return };
        let rows = self.starts.len() - 1;
        if rows == 0 || bounds.max().y < self.south {
            return;
        }
        let row_of = |lat: f64| whole((lat - self.south) * ROWS, rows - 1);
        let mut waiting: Vec<Line<f64>> = polygon.lines_iter().collect();
        waiting.sort_by(|a, b| low(b).total_cmp(&low(a)));
        let mut active: Vec<Line<f64>> = Vec::new();
        let mut stretches = Vec::new();
        for row in row_of(bounds.min().y)..=row_of(bounds.max().y) {
            // A little wider than the row, so that no rounding of a row number leaves an edge out.
            let floor = self.south + row as f64 / ROWS - SLACK;
            let ceiling = floor + 1.0 / ROWS + 2.0 * SLACK;
            active.retain(|e| e.start.y.max(e.end.y) >= floor);
            while let Some(edge) = waiting.pop_if(|e| low(e) <= ceiling) {
                if edge.start.y.max(edge.end.y) >= floor {
                    active.push(edge);
                }
            }
            let cells = self.starts[row]..self.starts[row + 1];
            if !cells.is_empty() {
                stretches.clear();
                stretches.extend(active.iter().map(|e| stretch(e, floor, ceiling)));
                stretches.sort_by(|a: &Stretch, b| a.west.total_cmp(&b.west));
                self.scan(cells, &stretches, found);
            }
        }
    }

    fn scan(&self, cells: std::ops::Range<usize>, stretches: &[Stretch], found: &mut Vec<usize>) {
        let mut at = cells.start;
        let up_to = |at: usize, lon: f64| at + self.centres[at..cells.end].partition_point(|c| c.x < lon);
        let mut inside = false;
        let mut rest = stretches;
        while let Some(first) = rest.first() {
            let mut east = first.east;
            let mut toggles = false;
            let mut taken = 0;
            while let Some(next) = rest.get(taken).filter(|s| s.west <= east) {
                east = east.max(next.east);
                toggles ^= next.toggles;
                taken += 1;
            }
            let clear = up_to(at, first.west);
            if inside {
                found.extend(at..clear);
            }
            let under = up_to(clear, east);
            // A ray to the east meets the edges of this stretch, then what lies beyond, of which the parity is known.
            let (edges, beyond) = (&rest[..taken], inside ^ toggles);
            found.extend((clear..under).filter(|&i| {
                match locate(edges.iter().map(|s| &s.edge), self.centres[i]) {
                    Position::Inside => !beyond,
                    Position::Outside => beyond,
                    Position::Boundary => false,
                }
            }));
            at = under;
            inside ^= toggles;
            rest = &rest[taken..];
        }
    }
}

/// The longitudes an edge takes inside a row, and whether it goes from below the middle of the row to above.
struct Stretch {
    west: f64,
    east: f64,
    toggles: bool,
    edge: Line<f64>,
}

fn stretch(edge: &Line<f64>, floor: f64, ceiling: f64) -> Stretch {
    let (a, b) = if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
    let at = |lat: f64| {
        if lat <= a.y {
            a.x
        } else if lat >= b.y {
            b.x
        } else {
            a.x + (lat - a.y) / (b.y - a.y) * (b.x - a.x)
        }
    };
    let middle = f64::midpoint(floor, ceiling);
    let level = (a.y - b.y).abs() < SLACK;
    let (p, q) = if level { (a.x, b.x) } else { (at(floor), at(ceiling)) };
    Stretch {
        west: p.min(q) - SLACK,
        east: p.max(q) + SLACK,
        toggles: (a.y > middle) != (b.y > middle),
        edge: *edge,
    }
}

fn low(edge: &Line<f64>) -> f64 {
    edge.start.y.min(edge.end.y)
}

#[cfg(test)]
mod tests;
