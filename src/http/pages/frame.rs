//! What stands around every page: language, clock, person, and the band that tells LIVE from DRILL.

use super::Console;
use super::hazard::Both;
use super::locale::{Lang, Words};
use super::visit::Visit;
use crate::adapter::cbc::SIMULATED;
use crate::dispatch::clocks::is_far;
use crate::people::Role;
use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cap::CapTime;

/// The frame of one page for one visitor.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) t: &'static Words,
    pub(super) lang: Lang,
    /// Where the language's switch leads.
    pub(super) path: String,
    pub(super) name: Option<String>,
    pub(super) form: String,
    /// Whether the person writes and approves.
    pub(super) desk: bool,
    /// Whether they see everything.
    pub(super) all: bool,
    /// `live` or `drill`: what a warning from this page would be.
    pub(super) band: &'static str,
    pub(super) deployment: String,
    /// Whether this build knows simulated operators only: it reaches no CBC outside this machine.
    pub(super) simulated: bool,
    pub(super) now: DateTime<Utc>,
    /// What the addresses of styles and scripts end with.
    pub(super) assets: &'static str,
}

impl Frame {
    pub(super) fn of(console: &Console, visit: &Visit) -> Frame {
        let role = visit.session.as_ref().map(|session| &session.role);
        let live = console.hub.is_live();
        Frame {
            t: visit.lang.words(),
            lang: visit.lang,
            path: visit.path.clone(),
            name: visit.session.as_ref().map(|session| session.person.name.clone()),
            form: visit.session.as_ref().map(|session| session.form.clone()).unwrap_or_default(),
            desk: role.is_some_and(Role::may_act),
            all: role.is_some_and(Role::sees_all),
            band: if live { "live" } else { "drill" },
            deployment: console.site.deployment.clone().unwrap_or_default(),
            simulated: SIMULATED,
            now: console.hub.clock().now().utc,
            assets: super::assets::version(),
        }
    }

    /// The same frame around what is of one class.
    pub(super) fn of_class(mut self, class: &str) -> Frame {
        self.band = if class == "drill" { "drill" } else { "live" };
        self
    }

    /// Words that are data, in the page's language.
    pub(super) fn say<'a>(&self, both: &'a Both) -> &'a str {
        both.of(self.lang)
    }

    /// Whether the program's own English words may stand on the page.
    pub(super) fn english(&self) -> bool {
        self.lang == Lang::En
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.now.timestamp_millis()
    }

    pub(super) fn muscat(&self) -> String {
        time(self.now)
    }

    pub(super) fn utc(&self) -> String {
        self.now.format("%H:%M:%S").to_string()
    }
}

/// `06:30:00` in Muscat.
pub(super) fn time(at: DateTime<Utc>) -> String {
    CapTime::muscat(at).to_string().get(11..19).unwrap_or_default().to_owned()
}

/// `2026-11-22 06:30` in Muscat.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    CapTime::muscat(at).to_string().get(..16).unwrap_or_default().replace('T', " ")
}

/// How an adapter's clock stands to the hub's.
pub(super) struct Skew {
    pub(super) words: &'static str,
    /// `30.0 s`, never less than is told apart.
    pub(super) by: String,
    /// Whether that is an alarm.
    pub(super) far: bool,
}

impl Skew {
    /// Of a clock that is so far ahead.
    pub(super) fn of(ahead: TimeDelta, lang: Lang) -> Skew {
        let (t, far) = (lang.words(), is_far(ahead));
        let words = match (far, ahead > TimeDelta::zero()) {
            (false, _) => &t.clock_agrees,
            (true, true) => &t.clock_ahead,
            (true, false) => &t.clock_behind,
        };
        let tenths = (ahead.as_seconds_f64().abs() * 10.0).ceil().max(1.0);
        Skew { words, by: format!("{:.1} s", tenths / 10.0), far }
    }
}

/// `1,234,567`
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
