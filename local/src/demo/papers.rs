//! Six documents of the made-up company Acme, as a vendor file asks for them.

mod attestation;
mod certificate;
mod continuity_plan;
mod incident_plan;
mod penetration_test;
mod processing_agreement;

use crate::pdf::Document;

/// A document ready to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub title: &'static str,
    /// The heading under which the trust page shows it.
    pub category: &'static str,
    /// `public`, `restricted` or `nda`, as the API names them.
    pub access_level: &'static str,
    pub file_name: &'static str,
    /// A PDF, the same each time.
    pub bytes: Vec<u8>,
}

/// All six, in the order in which the trust page shows them.
#[must_use]
pub fn papers() -> Vec<Paper> {
    vec![
        paper("Certificates", "public", "acme-iso-27001-certificate.pdf", &certificate::document()),
        paper("Audit reports", "nda", "acme-soc-2-type-ii-2026.pdf", &attestation::document()),
        paper(
            "Audit reports",
            "nda",
            "acme-penetration-test-autumn-2026.pdf",
            &penetration_test::document(),
        ),
        paper(
            "Policies",
            "restricted",
            "acme-business-continuity-plan.pdf",
            &continuity_plan::document(),
        ),
        paper(
            "Policies",
            "restricted",
            "acme-incident-response-plan.pdf",
            &incident_plan::document(),
        ),
        paper(
            "Privacy and contracts",
            "public",
            "acme-data-processing-agreement.pdf",
            &processing_agreement::document(),
        ),
    ]
}

fn paper(
    category: &'static str,
    access_level: &'static str,
    file_name: &'static str,
    document: &Document,
) -> Paper {
    Paper { title: document.title, category, access_level, file_name, bytes: document.render() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_the_same_each_time_and_differ_from_each_other() {
        let (first, second) = (papers(), papers());
        assert_eq!(first, second);
        for (index, paper) in first.iter().enumerate() {
            assert!(paper.bytes.starts_with(b"%PDF-1.7"));
            assert!(first[index + 1..].iter().all(|other| other.bytes != paper.bytes));
            assert!(first[index + 1..].iter().all(|other| other.file_name != paper.file_name));
        }
    }

    #[test]
    fn every_access_level_is_shown_twice() {
        for level in ["public", "nda", "restricted"] {
            let papers = papers().into_iter().filter(|paper| paper.access_level == level);
            assert_eq!(papers.count(), 2, "{level}");
        }
    }
}
