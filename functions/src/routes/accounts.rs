//! Outside companies.

use app::problem::Problem;
use domain::account::DOMAINS_MAX;
use domain::email::Domain;

pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod update;

/// Checks the domains that a body lists for an account.
fn check_domains(domains: &[Domain]) -> Result<(), Problem> {
    if DOMAINS_MAX < domains.len() {
        let detail = format!("list at most {DOMAINS_MAX} domains");
        return Err(Problem::bad_input("/domains", detail));
    }
    for (place, domain) in domains.iter().enumerate() {
        let pointer = format!("/domains/{place}");
        if domain.is_public_mailbox() {
            let detail = "anybody may have a mailbox there; list domains of the company alone";
            return Err(Problem::bad_input(pointer, detail));
        }
        if domains.iter().take(place).any(|earlier| earlier == domain) {
            return Err(Problem::bad_input(pointer, "list each domain once"));
        }
    }
    Ok(())
}
