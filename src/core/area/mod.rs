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
/// A map drawn near what is hit, for screens.
pub mod closeup;
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
/// The regions and the tree over their parts.
pub mod index;
/// The area of an order, as an adapter reads it.
mod ordered;
/// Whether layers fit one another.
mod partition;
/// A map as SVG.
pub mod picture;
/// A polygon made ready for exact questions.
mod prepared;
/// An area as CAP writes it, resolved to polygons.
mod resolve;
/// The wedge a cell serves.
mod sector;
/// Whether segments cross, in n log n.
mod sweep;
/// Regions from shared arcs.
mod topology;
/// Which cells an area holds.
mod within;

pub use cells::{Cell, CellList, Rat};
pub use cover::{Coverage, Hit, cover};
pub use digest::digest;
pub use index::{Border, Index, Layer, Name, Place, Population, Region};
pub use ordered::shape;
pub use picture::{Labels, picture};
pub use resolve::{ISO, OURS, Origin, Resolved, resolve};
pub use topology::Files;
pub use within::Rule;
