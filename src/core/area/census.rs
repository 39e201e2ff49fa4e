//! How many cells and subscribers each wilayat has in one operator's list, and which cells stand outside the country.

use super::cells::{Cell, CellList};
use super::index::{Index, Layer};
use serde::{Deserialize, Serialize};

/// The version of the form this code writes.
pub const VERSION: u32 = 1;

/// One operator's cells by wilayat. A cell counts where its centre lies; one whose centre lies in no wilayat counts
/// where its site does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Census {
    /// Every wilayat with a cell, by code; by governorates where the regions have no wilayat.
    pub wilayat: Vec<Count>,
    /// Over the belts of sea: ships, platforms, coasts drawn a little short.
    pub sea: Count,
    /// In none of them.
    pub outside: Count,
}

/// What one place has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// The place's code; empty of the sea and of what lies outside.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Cells.
    pub cells: u64,
    /// Subscribers the list counts there; a list without counts has none.
    pub subscribers: u64,
}

/// Where a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Land(usize),
    Sea,
    Outside,
}

impl Census {
    /// Counts a list.
    pub fn of(list: &CellList, index: &Index) -> Census {
        let layer = land(index);
        let mut census = Census::default();
        let mut counts: Vec<Count> =
            index.layer(layer).iter().map(|r| Count { code: r.code.clone(), ..Count::default() }).collect();
        for cell in list.cells() {
            let count = match spot(cell, index, layer) {
                Spot::Land(at) => &mut counts[at],
                Spot::Sea => &mut census.sea,
                Spot::Outside => &mut census.outside,
            };
            count.cells += 1;
            count.subscribers += cell.handsets.unwrap_or(0);
        }
        census.wilayat = counts.into_iter().filter(|count| count.cells > 0).collect();
        census
    }

    /// What a wilayat has.
    pub fn wilayat(&self, code: &str) -> Count {
        let found = self.wilayat.iter().find(|count| count.code == code);
        found.cloned().unwrap_or_else(|| Count { code: code.to_owned(), ..Count::default() })
    }
}

/// The cells of a list that stand in no region and over no belt of sea.
pub fn outside<'a>(list: &'a CellList, index: &Index) -> Vec<&'a Cell> {
    let layer = land(index);
    list.cells().iter().filter(|cell| spot(cell, index, layer) == Spot::Outside).collect()
}

fn land(index: &Index) -> Layer {
    if index.layer(Layer::Wilayat).is_empty() { Layer::Governorate } else { Layer::Wilayat }
}

fn spot(cell: &Cell, index: &Index, layer: Layer) -> Spot {
    let land = index.holding(layer, cell.centre).or_else(|| index.holding(layer, cell.site));
    match land {
        Some(at) => Spot::Land(at),
        None if [cell.centre, cell.site].iter().any(|p| index.holding(Layer::Sea, *p).is_some()) => Spot::Sea,
        None => Spot::Outside,
    }
}
