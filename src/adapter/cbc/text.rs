//! A CBC that encodes the text itself. It gets neither our pages nor their digest: what it echoes is its own, and is held
//! against what was approved. Pages that differ are on air all the same, and the delivery is `unconfirmed`.

use super::Task;
use super::pages::Pages;
use crate::adapter::gate::Gate;
use nadhir_core::cap::{self, Limits};
use nadhir_core::session::{Answer, Status};

/// What is left out of the order's CAP.
const OURS: [&str; 3] = ["nadhir:page", "nadhir:pages-sha256", "nadhir:dcs"];

/// One site.
#[derive(Debug, Clone)]
pub(super) struct Text(pub(super) Pages);

impl Text {
    /// Submits the order's CAP without the pages: identifier and serial, which it must use, stay.
    pub(super) async fn submit(&self, task: &Task, gate: &Gate) -> Answer {
        match without_pages(&task.order.cap) {
            Some(cap) => self.0.post(task, cap, gate).await,
            None => Answer::Refused {
                code: "order.unreadable".to_owned(),
                words: "the order's CAP cannot be read again".to_owned(),
            },
        }
    }

    /// As of any CBC that has a status for each message.
    pub(super) async fn status(&self, task: &Task) -> Status {
        self.0.status(task).await
    }
}

fn without_pages(document: &str) -> Option<String> {
    let (alert, _) = cap::read(document.as_bytes(), &Limits::cap());
    let mut alert = alert?;
    for info in &mut alert.infos {
        info.parameters.retain(|parameter| !OURS.contains(&parameter.name.as_str()));
    }
    String::from_utf8(cap::write(&alert)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_the_pages_and_nothing_else() {
        let sample = include_str!("../../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");
        let parameter = |name: &str, value: &str| {
            format!("<parameter><valueName>{name}</valueName><value>{value}</value></parameter>")
        };
        let ours = ["nadhir:message", "nadhir:identifier", "nadhir:serial", "nadhir:dcs", "nadhir:page"]
            .map(|name| parameter(name, "1"))
            .concat()
            + &parameter("nadhir:pages-sha256", "00");
        let order = sample.replacen("<area>", &format!("{ours}<area>"), 1);
        assert_ne!(order, sample);
        let read = |document: &str| cap::read(document.as_bytes(), &Limits::cap()).0.unwrap();
        let (before, after) = (read(&order), read(&without_pages(&order).unwrap()));
        let names = |info: &cap::Info| info.parameters.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
        let kept = names(&after.infos[0]);
        assert!(
            ["nadhir:message", "nadhir:identifier", "nadhir:serial"]
                .iter()
                .all(|n| kept.contains(&(*n).to_owned()))
        );
        assert_eq!(kept.len() + 3, names(&before.infos[0]).len());
        assert_eq!(before.infos[1..], after.infos[1..]);
    }
}
