//! One layer of regions, and which of them a shape meets: an R-tree of one box a polygon part names those that may, and the
//! tiles the shape lies over tell exactly.

use super::index::Region;
use super::prepared::{Contact, Position, Prepared, contact, locate, within};
use super::tiles::{Spot, Tiles, bit};
use geo::{Coord, Line, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::ops::Range;

/// The regions of a layer with their polygons, made ready for questions.
#[derive(Debug, Clone)]
pub(super) struct Tier {
    pub(super) regions: Vec<Region>,
    /// Each with the place of its region, in that order.
    parts: Vec<(usize, Prepared)>,
    /// Which parts are a region's.
    own: Vec<Range<usize>>,
    /// The box of each part, with the place of its region. The joint box of an exclave and its mainland would cover
    /// another country's towns.
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    tiles: Tiles,
}

/// What is known of a region while a shape is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// The box of each of its parts is apart from the shape's, or it is a hit.
    Settled,
    /// No contact with it was found so far.
    Open,
    /// Boundaries touch, or run together. Whether interiors meet takes the exact test.
    Touched,
}

/// A shape under judgement.
struct Judging<'a> {
    tiles: &'a Tiles,
    known: Vec<Known>,
    hit: &'a mut [bool],
    /// The bits of the regions that are not settled.
    open: u64,
}

/// So many corners of parts are looked for in a shape by walking all its edges; for more its rows are made.
const BY_HAND: usize = 4;

impl Tier {
    pub(super) fn new(regions: Vec<Region>) -> Tier {
        let parts: Vec<(usize, Prepared)> = regions
            .iter()
            .enumerate()
            .flat_map(|(n, region)| {
                region.shape.iter().filter_map(move |p| Some((n, Prepared::new(p)?.indexed())))
            })
            .collect();
        let own: Vec<Range<usize>> = (0..regions.len())
            .map(|n| parts.partition_point(|(of, _)| *of < n)..parts.partition_point(|(of, _)| *of <= n))
            .collect();
        let boxed = |(region, part): &(usize, Prepared)| {
            GeomWithData::new(Rectangle::from_aabb(envelope(part.bounds)), *region)
        };
        let boxes = RTree::bulk_load(parts.iter().map(boxed).collect());
        let tiles = Tiles::new(&parts);
        Tier { regions, parts, own, boxes, tiles }
    }

    /// The parts of a region.
    pub(super) fn parts(&self, region: usize) -> impl Iterator<Item = &Prepared> {
        self.parts[self.own[region].clone()].iter().map(|(_, part)| part)
    }

    /// The parts of all regions.
    pub(super) fn all(&self) -> impl Iterator<Item = &Prepared> {
        self.parts.iter().map(|(_, part)| part)
    }

    /// The region a point lies in, its border included; of several, one.
    pub(super) fn holding(&self, at: Coord<f64>) -> Option<usize> {
        let tile = self.tiles.of(self.tiles.spot(at));
        let holder = self.tiles.holders(tile).first().copied();
        holder.or_else(|| {
            let mut there = self.tiles.borders(tile).iter().map(|border| border.region);
            there.find(|&region| self.parts(region).any(|p| p.position(at) != Position::Outside))
        })
    }

    /// Marks in `hit`, one entry a region, those whose interior meets the interior of `shape`.
    pub(super) fn mark(&self, shape: &Prepared, hit: &mut [bool]) {
        let mut known = vec![Known::Settled; hit.len()];
        for near in self.boxes.locate_in_envelope_intersecting(&envelope(shape.bounds)) {
            if !hit[near.data] {
                known[near.data] = Known::Open;
            }
        }
        let mut judging = Judging { tiles: &self.tiles, known, hit, open: 0 };
        judging.count();
        if judging.open == 0 {
            return;
        }
        // Where each edge begins.
        let spots: Vec<Spot> = shape.edges().iter().map(|edge| self.tiles.spot(edge.start)).collect();
        if spots.iter().any(|spot| judging.holders(self.tiles.of(*spot))) || judging.by_edges(shape, &spots) {
            return;
        }
        let (Some(first), Some(spot)) = (shape.edges().first(), spots.first()) else { return };
        let (corner, concerns) = (first.start, self.tiles.concerns(self.tiles.of(*spot)));
        let mut asked = 0;
        for region in 0..judging.known.len() {
            let met = match judging.known[region] {
                Known::Settled => false,
                Known::Touched => self.parts(region).any(|part| shape.meets(part)),
                // Without any contact one lies wholly inside the other, or they are apart. A corner in a tile that the
                // region's border does not enter lies outside: were it the region's, the walk would have settled it.
                Known::Open => self.parts(region).any(|part| {
                    concerns & bit(region) != 0 && part.position(corner) == Position::Inside
                        || within(part.bounds, shape.bounds) && {
                            asked += 1;
                            holds_corner(shape, part, asked > BY_HAND)
                        }
                }),
            };
            judging.hit[region] |= met;
        }
    }
}

fn envelope(bounds: Rect<f64>) -> AABB<[f64; 2]> {
    AABB::from_corners(bounds.min().into(), bounds.max().into())
}

fn holds_corner(shape: &Prepared, part: &Prepared, by_rows: bool) -> bool {
    let corner = part.edges()[0].start;
    let position =
        if by_rows { shape.position(corner) } else { locate(shape.edges().iter().copied(), corner) };
    position == Position::Inside
}

impl Judging<'_> {
    /// Settles what the edges of the shape tell where they cross a border or a tile that is held whole; whether that is
    /// all.
    fn by_edges(&mut self, shape: &Prepared, spots: &[Spot]) -> bool {
        let (tiles, edges) = (self.tiles, shape.edges());
        edges.iter().enumerate().any(|(i, edge)| {
            // An edge ends where the next begins, but for the last of a ring.
            let next = edges.get(i + 1).filter(|next| next.start == edge.end);
            let end = next.map_or_else(|| tiles.spot(edge.end), |_| spots[i + 1]);
            let open = self.open;
            tiles.near(edge, (spots[i], end), open, |tile| self.holders(tile) || self.borders(tile, edge))
        })
    }

    /// The edges of a shape that is simple have its interior on one side: where they enter a region's interior, so does
    /// the shape's.
    fn holders(&mut self, tile: usize) -> bool {
        let tiles = self.tiles;
        for &region in tiles.holders(tile) {
            self.met(region);
        }
        self.open == 0
    }

    fn borders(&mut self, tile: usize, edge: &Line<f64>) -> bool {
        let tiles = self.tiles;
        for border in tiles.borders(tile) {
            if self.known[border.region] != Known::Settled {
                match contact(edge, &border.edge) {
                    Contact::None => {}
                    Contact::Touch => self.known[border.region] = Known::Touched,
                    Contact::Crossing => self.met(border.region),
                }
            }
        }
        self.open == 0
    }

    fn met(&mut self, region: usize) {
        if self.known[region] != Known::Settled {
            self.hit[region] = true;
            self.known[region] = Known::Settled;
            self.count();
        }
    }

    fn count(&mut self) {
        let open = self.known.iter().enumerate().filter(|(_, known)| **known != Known::Settled);
        self.open = open.fold(0, |bits, (region, _)| bits | bit(region));
    }
}

#[cfg(test)]
mod tests;
