//! `cbc` in an adapter's table: which kind of CBC it is, and where its sites are.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Which interface an operator's CBC has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// CAP 1.2 with the pages in it: it broadcasts them as they are.
    #[default]
    Pages,
    /// CAP 1.2 without pages: it encodes the text itself.
    Text,
    /// The JSON of Osmocom's CBC: pages, for the whole network alone.
    Ecbe,
}

/// One operator's CBC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CbcSettings {
    /// Its interface, the same at every site.
    pub kind: Kind,
    /// The address of each site: the first is asked first.
    pub sites: Vec<String>,
}

impl From<String> for CbcSettings {
    /// One site that takes pages.
    fn from(site: String) -> CbcSettings {
        CbcSettings { kind: Kind::Pages, sites: vec![site] }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    kind: Kind,
    sites: Vec<String>,
}

impl<'de> Deserialize<'de> for CbcSettings {
    /// An address, or a table of `kind` and `sites`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CbcSettings, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = CbcSettings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the address of a CBC, or a table of `kind` (pages, text, ecbe) and `sites`")
            }

            fn visit_str<E: Error>(self, site: &str) -> Result<CbcSettings, E> {
                Ok(site.to_owned().into())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CbcSettings, A::Error> {
                let Table { kind, sites } = Table::deserialize(MapAccessDeserializer::new(map))?;
                if sites.is_empty() {
                    return Err(A::Error::custom("cbc.sites is empty: there is no CBC to speak to"));
                }
                Ok(CbcSettings { kind, sites })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Adapter {
        cbc: CbcSettings,
    }

    fn check(text: &str, expected: Result<(Kind, usize), &str>) {
        match (toml::from_str::<Adapter>(text), expected) {
            (Ok(read), Ok(expected)) => assert_eq!((read.cbc.kind, read.cbc.sites.len()), expected, "{text}"),
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (read, expected) => panic!("{read:?}, not {expected:?}"),
        }
    }

    #[test]
    fn is_an_address_or_a_table() {
        check("cbc = \"http://127.0.0.1:1\"", Ok((Kind::Pages, 1)));
        check("[cbc]\nkind = \"ecbe\"\nsites = [\"http://a\", \"http://b\"]", Ok((Kind::Ecbe, 2)));
        check("cbc = { sites = [\"http://a\"] }", Ok((Kind::Pages, 1)));
        check("cbc = { kind = \"text\", sites = [] }", Err("cbc.sites is empty"));
        check("cbc = { kind = \"fax\", sites = [\"http://a\"] }", Err("fax"));
        check("cbc = { kind = \"text\", site = \"http://a\" }", Err("site"));
        check("cbc = 5", Err("the address of a CBC"));
    }

    #[test]
    fn reads_back_what_it_writes() {
        let written = toml::to_string(&CbcSettings::from("http://a".to_owned())).unwrap();
        assert_eq!(toml::from_str::<CbcSettings>(&written).unwrap(), "http://a".to_owned().into());
    }
}
