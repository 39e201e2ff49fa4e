//! What each site of a CBC holds: both speak to one network, and a site sends again what it was told and never told to stop.

use super::{Identity, Manner, Network};

/// A site of a CBC: 0 is the first.
pub(crate) type Site = usize;

/// What a stop did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// The messages that are stopped now.
    pub(crate) messages: Vec<Identity>,
    /// References that belong to no message at this site.
    pub(crate) unknown: Vec<String>,
}

impl Network {
    /// One site more.
    pub(crate) fn open_site(&mut self) -> Site {
        self.sites += 1;
        self.sites - 1
    }

    /// Keeps the messages of an alert at the site that took them.
    pub(crate) fn hold(&mut self, site: Site, alert: &str) {
        let of_alert = |name: &String| name == alert;
        for broadcast in self.broadcasts.iter_mut().filter(|b| b.alerts.iter().any(of_alert)) {
            broadcast.taken_at.insert(site);
            broadcast.held_at.insert(site);
        }
    }

    /// Stops the messages of the alerts referred to, except those to be kept, where this site has taken them. They are off the
    /// air then, by whichever site they came; the other site still holds what it was not told to stop.
    pub(crate) fn stop(
        &mut self,
        site: Site,
        references: &[String],
        keep: &[Identity],
        now_ms: i64,
    ) -> Stopped {
        let mut stopped = Stopped::default();
        for reference in references {
            let mut known = false;
            for index in 0..self.broadcasts.len() {
                let broadcast = &self.broadcasts[index];
                if !broadcast.alerts.contains(reference) || !broadcast.taken_at.contains(&site) {
                    continue;
                }
                known = true;
                let identity = broadcast.identity();
                if !keep.contains(&identity) && !stopped.messages.contains(&identity) {
                    // What it was told to stop before is over, as far as it knows.
                    if self.broadcasts[index].held_at.remove(&site) {
                        self.kill_at_bsc(index, now_ms);
                        self.broadcasts[index].stop(now_ms);
                    }
                    stopped.messages.push(identity);
                }
            }
            if !known && !stopped.unknown.contains(reference) {
                stopped.unknown.push(reference.clone());
            }
        }
        stopped
    }

    /// Sends everything again that this site holds and that has not expired, as after a restart of the radio network. What the
    /// other site alone was told to stop goes on air again.
    pub(crate) fn replay(&mut self, site: Site, now_ms: i64) -> usize {
        let again: Vec<(usize, Manner)> = self
            .broadcasts
            .iter()
            .enumerate()
            .filter(|(_, broadcast)| {
                broadcast.held_at.contains(&site) && broadcast.message.expires_ms > now_ms
            })
            .filter_map(|(index, broadcast)| Some((index, Manner::of(broadcast.sendings.last()?))))
            .collect();
        for (index, manner) in &again {
            self.write_to_bsc(*index, None, manner.rounds, now_ms);
            self.send(*index, manner, now_ms, 0);
        }
        again.len()
    }
}
