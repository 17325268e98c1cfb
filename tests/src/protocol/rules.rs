//! The pure decisions, as they are written, and seven times with one of them taken away.

use domain::challenge::{Challenge, Denied};
use domain::contact::Contact;
use domain::email::Email;
use domain::grant::Grant;
use domain::id::DeviceId;
use domain::link::guest::{Guest, Standing, Stop};
use domain::link::opening::{Opening, Press};
use domain::link::verifying::{Binding, Holder, Refused};
use domain::link::{Around, Life, Link, State};
use jiff::Timestamp;

/// The decisions that the protocol consists of.
pub(crate) trait Rules: Sync {
    /// What a press comes to.
    fn press(&self, link: &Link, around: &Around<'_>, press: Press<'_>, now: Timestamp) -> Opening {
        link.press(around, press, now)
    }

    /// Whom a proved address makes of its browser.
    fn bind(
        &self,
        link: &Link,
        around: &Around<'_>,
        address: &Email,
        holder: Option<Holder<'_>>,
        now: Timestamp,
    ) -> Result<Binding, Refused> {
        link.bind(around, address, holder, now)
    }

    /// The link after a verification.
    fn verified(
        &self,
        link: Link,
        contact: &Contact,
        grant: &Grant,
        device: DeviceId,
        now: Timestamp,
    ) -> Link {
        link.verified(contact, grant, device, now)
    }

    /// What a browser is.
    fn standing(
        &self,
        guest: &Guest,
        link: &Link,
        around: &Around<'_>,
        now: Timestamp,
    ) -> Result<Standing, Stop> {
        guest.standing(link, around, now)
    }

    /// A code after another try, before it is compared.
    fn attempt(&self, code: &Challenge, now: Timestamp) -> Result<Challenge, Denied> {
        code.attempt(now)
    }

    /// A code after a wrong try.
    fn missed(&self, code: Challenge, _: Timestamp) -> Challenge {
        code
    }

    /// A code after it was right.
    fn consume(&self, code: &Challenge) -> Result<Challenge, Denied> {
        code.consume()
    }
}

/// As they are written.
pub(crate) struct AsWritten;

impl Rules for AsWritten {}

/// The rules without one each, by what is missing.
pub(crate) const MUTANTS: &[(&str, &dyn Rules)] = &[
    ("claim without its condition", &EverybodyIsFirst),
    ("epoch not raised at the first verification", &EpochStays),
    ("inactive still read", &InactiveIsRead),
    ("code used twice", &CodeIsKept),
    ("attempt counted after the compare", &RightIsAlwaysHeard),
    ("devices kept on close", &DevicesStay),
    ("a bound link taking another address", &AnyAddressBinds),
];

struct EverybodyIsFirst;

impl Rules for EverybodyIsFirst {
    fn press(&self, link: &Link, around: &Around<'_>, press: Press<'_>, now: Timestamp) -> Opening {
        Link { first: None, ..link.clone() }.press(around, press, now)
    }
}

struct EpochStays;

impl Rules for EpochStays {
    fn verified(
        &self,
        link: Link,
        contact: &Contact,
        grant: &Grant,
        device: DeviceId,
        now: Timestamp,
    ) -> Link {
        let epoch = link.epoch;
        Link { epoch, ..link.verified(contact, grant, device, now) }
    }

    fn standing(
        &self,
        guest: &Guest,
        link: &Link,
        around: &Around<'_>,
        now: Timestamp,
    ) -> Result<Standing, Stop> {
        // Whether anybody verified is told by the epoch alone.
        let unclaimed = Link { first: None, ..link.clone() };
        let contact = around.contact.map(|own| Contact { email: None, ..own.clone() });
        let as_bearer = Around { contact: contact.as_ref(), ..*around };
        guest.standing(link, around, now).or_else(|stop| {
            let bears = guest.contact_id.is_none() && stop == Stop::CodeRequired;
            if bears { guest.standing(&unclaimed, &as_bearer, now) } else { Err(stop) }
        })
    }
}

struct InactiveIsRead;

impl Rules for InactiveIsRead {
    fn standing(
        &self,
        guest: &Guest,
        link: &Link,
        around: &Around<'_>,
        now: Timestamp,
    ) -> Result<Standing, Stop> {
        guest.standing(&Link { state: State::Active, ..link.clone() }, around, now)
    }
}

struct CodeIsKept;

impl Rules for CodeIsKept {
    fn consume(&self, code: &Challenge) -> Result<Challenge, Denied> {
        Ok(code.clone())
    }
}

struct RightIsAlwaysHeard;

impl Rules for RightIsAlwaysHeard {
    fn attempt(&self, code: &Challenge, now: Timestamp) -> Result<Challenge, Denied> {
        // Nothing is counted before the compare, and so nothing stops a right one.
        let fresh = Challenge { attempts: 0, ..code.clone() };
        fresh.attempt(now).map(|_| code.clone())
    }

    fn missed(&self, code: Challenge, now: Timestamp) -> Challenge {
        code.attempt(now).unwrap_or(code)
    }
}

struct DevicesStay;

impl Rules for DevicesStay {
    fn standing(
        &self,
        guest: &Guest,
        link: &Link,
        around: &Around<'_>,
        now: Timestamp,
    ) -> Result<Standing, Stop> {
        let closings = around.grant.map_or(0, |grant| grant.closings);
        let guest = Guest { closings, ..guest.clone() };
        let link = Link { closings, ..link.clone() };
        guest.standing(&link, around, now)
    }
}

struct AnyAddressBinds;

impl Rules for AnyAddressBinds {
    fn bind(
        &self,
        link: &Link,
        around: &Around<'_>,
        address: &Email,
        holder: Option<Holder<'_>>,
        now: Timestamp,
    ) -> Result<Binding, Refused> {
        link.bind(around, address, holder, now).or_else(|refused| match holder {
            Some(holder) if link.life(around, now) == Life::Open => {
                Ok(Binding::Known(holder.contact.id))
            }
            _ => Err(refused),
        })
    }
}
