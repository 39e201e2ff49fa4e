//! Where a warning goes: regions, cells, and what an alert's area covers of them. Knows no file, no network and no CBC.
//!
//! A hit means that the interiors share an area greater than 0; a shared border is none. Areas come in as CAP writes
//! them, latitude first; inside, as in `geo`, x is the longitude and y the latitude, and an edge is a straight line
//! between two such points.

/// The polygons of an area for the CAP that goes to operators: never smaller than what was resolved.
mod air;
/// Borders by name, and rings that walk along them.
mod arcs;
/// An operator's cell list, from CSV.
pub mod cells;
/// Cells and subscribers by wilayat.
pub mod census;
/// What an area covers: regions with their shares, faults, the resolved shape.
pub mod cover;
/// The digest that binds an approval to an area.
mod digest;
/// Areas on the ellipsoid.
mod ellipsoid;
/// The areas of an alert as GeoJSON and back.
pub mod exchange;
/// What tests share.
#[cfg(test)]
mod fixtures;
/// Regions from GeoJSON and back.
mod geojson;
/// The regions of a country, layer by layer.
pub mod index;
/// The area of an order, as an adapter reads it.
mod ordered;
/// Which edges of a ring could meet.
mod pairs;
/// Whether layers fit one another.
mod partition;
/// A map as SVG.
pub mod picture;
/// A polygon made ready for exact questions.
mod prepared;
/// An area as CAP writes it, resolved to polygons.
mod resolve;
/// Edges in rows.
mod rows;
/// Boxes in rows of latitude.
mod scan;
/// The wedge a cell serves.
mod sector;
/// The area two polygons share.
mod shared;
/// Whether segments cross, in n log n.
mod sweep;
/// One layer of regions, and which of them a shape meets.
mod tier;
/// A layer cut into tiles.
mod tiles;
/// Regions from shared arcs.
mod topology;
/// Which cells an area holds.
mod within;

pub use cells::{Cell, CellList, Rat};
pub use census::Census;
pub use cover::{Coverage, Hit, cover};
pub use digest::digest;
pub use index::{Border, Index, Layer, Name, Place, Population, Region};
pub use ordered::shape;
pub use partition::overlaps;
pub use picture::{Frame, Labels, Map, filled, picture};
pub use resolve::{ISO, OURS, Origin, Resolved, resolve};
pub use topology::Files;
pub use within::Rule;
