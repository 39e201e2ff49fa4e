//! From the author's CAP to what can be approved: read, checked, covered, encoded, bound by one hash. All faults at once.

use super::{air, exercise};
use crate::area::{self, Coverage, Index, Origin};
use crate::cap::{self, Alert, National, Profile, Ring};
use crate::cbs::{self, Allowed, Budget, Channel, Choice, Encoded, Given, Layout, Rules};
use crate::digest::Digest;
use crate::fault::{Fault, any_error};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A ring of a region may be long; operators get none of more points than this, simplified outward.
const MAX_RING_POINTS: usize = 1_000;

/// What is known of a warning beside its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// What chooses its channel.
    pub given: Given,
    /// The links and telephone numbers that may be sent.
    pub allowed: Allowed,
}

/// A warning that can be approved. To hold one is the proof that it was checked.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What the author wrote.
    pub alert: Alert,
    /// Where it is broadcast.
    pub channel: Channel,
    /// Which regions it meets.
    pub coverage: Coverage,
    /// The area as operators get it.
    pub rings: Vec<Ring>,
    /// The digest of that area; it travels with every order.
    pub area_sha256: Digest,
    /// The messages, octet by octet.
    pub encoded: Encoded,
    /// What each layout would cost.
    pub choices: Vec<Choice>,
    /// Nothing goes on air from then on.
    pub expires: DateTime<Utc>,
    /// What an approval binds: text, DCS, pages, area, channel, mode, expiry.
    pub hash: Digest,
    /// What does not refuse it, and a person should know.
    pub warnings: Vec<Fault>,
}

/// Every reason why an alert cannot be broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// All faults, warnings included, in the order of the way.
    pub faults: Vec<Fault>,
}

impl Refusal {
    /// Whether only the area is to blame.
    pub fn is_area(&self) -> bool {
        self.faults.iter().filter(|f| f.is_error()).all(|f| f.code.starts_with("area."))
    }
}

/// What a person is shown of it.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// To approve with.
    pub hash: Digest,
    /// Live or drill.
    pub class: cbs::Class,
    /// Message identifier of its channel.
    pub identifier: u16,
    /// The channel's title on phones, Arabic and English.
    pub title: [&'static str; 2],
    /// The event, in the first language.
    pub event: String,
    /// The headline of each language.
    pub headlines: Vec<(String, String)>,
    /// Governorates it meets; of an area over water alone, those off whose coast it lies.
    pub governorates: Vec<String>,
    /// Wilayat it meets; nothing where the regions have none.
    pub wilayat: Option<Vec<String>>,
    /// The digest of the area.
    pub area_sha256: Digest,
    /// When it ends.
    pub expires: DateTime<Utc>,
    /// The messages as a phone decodes them.
    pub messages: Vec<SummaryMessage>,
    /// What they cost on 2G.
    pub budget: Budget,
    /// How the languages share the messages.
    pub layout: Layout,
    /// What each layout would cost, the chosen one among them.
    pub layouts: Vec<Choice>,
    /// What a person should know.
    pub warnings: Vec<Fault>,
}

/// One message of a summary.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryMessage {
    /// Its languages.
    pub languages: Vec<String>,
    /// Data coding scheme.
    pub dcs: u8,
    /// Pages of 15.
    pub pages: usize,
    /// Units used.
    pub units: usize,
    /// Decoded from the pages themselves.
    pub text: String,
}

/// Prepares the author's CAP for approval. `now` judges what depends on the clock; the rest depends on
/// the bytes and the terms alone.
pub fn prepare(
    bytes: &[u8],
    profile: &National,
    index: &Index,
    now: DateTime<Utc>,
    terms: &Terms,
) -> Result<Prepared, Refusal> {
    let verdict = cap::verdict(bytes, Profile::Oman(profile));
    let mut faults = verdict.faults;
    let Some(alert) = verdict.alert else { return Err(Refusal { faults }) };
    faults.extend(cap::still_current(&alert, profile, now));
    // What ends or answers another message is never broadcast: that it has no area and no text is not its fault.
    if !alert.msg_type.warns() && any_error(&faults) {
        return Err(Refusal { faults });
    }

    let areas = alert.infos.first().map(|info| info.areas.as_slice()).unwrap_or_default();
    let coverage = area::cover(areas, index, Origin::Desk);
    faults.extend(coverage.faults.iter().cloned());

    let mut collect = |more: Vec<Fault>| faults.extend(more);
    collect(air::reserved(&alert));
    let channel = cbs::channel_of(&alert, terms.given).map_err(&mut collect).ok();
    let rules = Rules::of(&alert, &terms.allowed).map_err(&mut collect).ok();
    let texts = cbs::texts(&alert).map_err(&mut collect).ok();
    collect(exercise::unmarked(&alert, texts.as_deref().unwrap_or_default()));
    let encoded = rules.zip(texts).and_then(|(rules, texts)| {
        let encoded = cbs::encode(&texts, &rules).map_err(&mut collect).ok()?;
        Some((encoded, cbs::choices(&texts, &rules)))
    });
    let expires = alert.infos.iter().filter_map(|info| info.expires).min().map(cap::CapTime::utc);

    let (Some(channel), Some((encoded, choices)), Some(expires), false) =
        (channel, encoded, expires, any_error(&faults))
    else {
        return Err(Refusal { faults });
    };
    faults.extend(encoded.changes.iter().cloned());
    let rings = coverage.polygons_for_air(MAX_RING_POINTS);
    let area_sha256 = area::digest(&air::air_area(areas, &rings));
    let hash = bind(bytes, channel, &encoded, area_sha256, expires);
    Ok(Prepared {
        alert,
        channel,
        coverage,
        rings,
        area_sha256,
        encoded,
        choices,
        expires,
        hash,
        warnings: faults,
    })
}

/// The governorates that an area is about. The code of a belt of sea is its governorate's and one part more.
fn concerned(coverage: &Coverage) -> Vec<String> {
    if coverage.governorates.is_empty() {
        let off = coverage.sea.iter().filter_map(|belt| belt.code.rsplit_once('-'));
        off.map(|(governorate, _)| governorate.to_owned()).collect()
    } else {
        coverage.governorates.iter().map(|hit| hit.code.clone()).collect()
    }
}

/// The wilayat that an area meets. Land of a governorate is land of one of its wilayat, where there are any.
fn wilayat(coverage: &Coverage) -> Option<Vec<String>> {
    let known = !coverage.wilayat.is_empty() || coverage.governorates.is_empty();
    known.then(|| coverage.wilayat.iter().map(|hit| hit.code.clone()).collect())
}

/// The hash that two persons see. Serial numbers are not in it: they are given when the orders are written.
fn bind(source: &[u8], channel: Channel, encoded: &Encoded, area: Digest, expires: DateTime<Utc>) -> Digest {
    let source = Digest::of(source);
    let identifier = channel.identifier().to_be_bytes();
    let class = format!("{:?} {:?}", channel.class(), encoded.layout);
    let expires = expires.timestamp_millis().to_be_bytes();
    let mut parts: Vec<Vec<u8>> = vec![
        b"nadhir/approval/1".to_vec(),
        class.into_bytes(),
        identifier.to_vec(),
        area.0.to_vec(),
        expires.to_vec(),
        source.0.to_vec(),
    ];
    for message in &encoded.messages {
        parts.push(message.languages.join(" ").into_bytes());
        parts.push(message.text.clone().into_bytes());
        parts.push(vec![message.pages.dcs().octet()]);
        parts.push(message.pages.sha256().0.to_vec());
    }
    Digest::of_parts(parts.iter().map(Vec::as_slice))
}

impl Prepared {
    /// What a person is shown.
    pub fn summary(&self) -> Summary {
        let row = self.channel.row();
        Summary {
            hash: self.hash,
            class: self.channel.class(),
            identifier: self.channel.identifier(),
            title: [row.title_ar, row.title_en],
            event: self.alert.infos.first().map(|info| info.event.clone()).unwrap_or_default(),
            headlines: self
                .alert
                .infos
                .iter()
                .map(|info| (info.primary_language(), info.headline.clone().unwrap_or_default()))
                .collect(),
            governorates: concerned(&self.coverage),
            wilayat: wilayat(&self.coverage),
            area_sha256: self.area_sha256,
            expires: self.expires,
            messages: self
                .encoded
                .messages
                .iter()
                .map(|message| SummaryMessage {
                    languages: message.languages.clone(),
                    dcs: message.pages.dcs().octet(),
                    pages: message.pages.pages().len(),
                    units: message.pages.units(),
                    text: message.pages.decode(),
                })
                .collect(),
            budget: cbs::budget(&self.encoded),
            layout: self.encoded.layout,
            layouts: self.choices.clone(),
            warnings: self.warnings.clone(),
        }
    }
}
