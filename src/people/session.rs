//! Sign-in links and browser sessions, by digest and in memory: whoever restarts the hub asks everybody to sign in again.

use super::{Role, Token};
use crate::store::Person;
use nadhir_core::digest::Digest;
use nadhir_core::now::Now;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A sign-in link is good for so long, once.
pub const LINK_LIFE: Duration = Duration::from_secs(15 * 60);
/// A session ends after a shift.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 3600);

/// Somebody signed in at a browser.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// Has to stand in every form they send.
    pub form: String,
    until: Duration,
}

/// All links and sessions of a hub.
#[derive(Default)]
pub struct Sessions {
    links: Mutex<HashMap<Digest, (Person, Duration)>>,
    open: Mutex<HashMap<Digest, Session>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn digest(token: &str) -> Digest {
    Digest::of_parts([b"nadhir/session/1".as_slice(), token.as_bytes()])
}

impl Sessions {
    /// A token that opens one session of a person, once and soon.
    pub fn link(&self, person: Person, now: Now) -> Result<String, getrandom::Error> {
        let token = Token::draw()?.reveal().to_owned();
        let mut links = locked(&self.links);
        links.retain(|_, (_, until)| *until > now.tick);
        links.insert(digest(&token), (person, now.tick + LINK_LIFE));
        Ok(token)
    }

    /// Takes a link's token and opens a session; returns the cookie's value. `None`: unknown, used or too old.
    pub fn redeem(&self, token: &str, now: Now) -> Result<Option<String>, getrandom::Error> {
        let link = locked(&self.links).remove(&digest(token));
        match link {
            Some((person, until)) if until > now.tick => self.open(person, now).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// Opens a session for somebody who is known already; returns the cookie's value.
    pub fn open(&self, person: Person, now: Now) -> Result<String, getrandom::Error> {
        let (cookie, form) = (Token::draw()?, Token::draw()?);
        let session = Session {
            role: Role::of(&person),
            person,
            form: form.reveal().to_owned(),
            until: now.tick + SESSION_LIFE,
        };
        let mut open = locked(&self.open);
        open.retain(|_, session| session.until > now.tick);
        open.insert(digest(cookie.reveal()), session);
        Ok(cookie.reveal().to_owned())
    }

    /// The session of a cookie. The look-up is by digest: nothing of the cookie leaks by its timing.
    pub fn find(&self, cookie: &str, now: Now) -> Option<Session> {
        locked(&self.open).get(&digest(cookie)).filter(|session| session.until > now.tick).cloned()
    }

    /// Ends a session.
    pub fn end(&self, cookie: &str) {
        locked(&self.open).remove(&digest(cookie));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Now {
        Now { utc: chrono::DateTime::UNIX_EPOCH, tick: Duration::from_secs(seconds) }
    }

    fn amal() -> Person {
        Person { id: "prs_1".into(), name: "Amal (author)".into() }
    }

    #[test]
    fn a_link_opens_one_session_once_and_soon() {
        let sessions = Sessions::default();
        let link = sessions.link(amal(), at(0)).unwrap();
        let cookie = sessions.redeem(&link, at(60)).unwrap().unwrap();
        assert_eq!(sessions.redeem(&link, at(61)).unwrap(), None, "used");
        assert_eq!(sessions.find(&cookie, at(62)).unwrap().person, amal());
        let late = sessions.link(amal(), at(0)).unwrap();
        assert_eq!(sessions.redeem(&late, at(LINK_LIFE.as_secs())).unwrap(), None, "too old");
        assert_eq!(sessions.redeem("guess", at(1)).unwrap(), None);
    }

    #[test]
    fn a_session_ends_with_its_shift_or_when_told() {
        let sessions = Sessions::default();
        let cookie = sessions.open(amal(), at(0)).unwrap();
        assert!(sessions.find(&cookie, at(SESSION_LIFE.as_secs() - 1)).is_some());
        assert!(sessions.find(&cookie, at(SESSION_LIFE.as_secs())).is_none());
        sessions.end(&cookie);
        assert!(sessions.find(&cookie, at(1)).is_none());
    }
}
