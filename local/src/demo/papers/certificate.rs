//! ISO/IEC 27001 certificate, public.

use crate::pdf::{Block, Document, Table};

pub(super) fn document() -> Document {
    Document {
        title: "ISO/IEC 27001 certificate",
        subtitle: "Information security management system of Acme AG",
        author: "Certa Registrars",
        keywords: "ISO/IEC 27001:2022, certificate, statement of applicability",
        notice: "Certificate CR-27001-20417 · Public",
        issued: (2025, 3, 18),
        blocks: blocks(),
    }
}

fn blocks() -> Vec<Block> {
    use Block::{Facts, Heading, PageBreak, Paragraph, Signatures};
    vec![
        Paragraph(
            "Certa Registrars certifies that the information security management system of the \
             organisation named below has been audited and found to meet the requirements of \
             ISO/IEC 27001:2022 for the scope stated here.",
        ),
        Facts(&[
            ("Organisation", "Acme AG, Werkstrasse 12, 8005 Zürich, Switzerland"),
            ("Certificate number", "CR-27001-20417"),
            ("Standard", "ISO/IEC 27001:2022"),
            ("First certified", "21 March 2019"),
            ("Issued", "18 March 2025"),
            ("Valid until", "20 March 2028"),
            ("Statement of applicability", "Version 7.2 of 3 February 2025"),
            ("Surveillance audits", "March 2026 and March 2027"),
        ]),
        Heading("Scope"),
        Paragraph(
            "Design, development, operation and support of Acme Ledger, a hosted accounting and \
             payments platform for business customers, including its public API, mobile \
             applications, data centres operated by suppliers in Switzerland and the European Union, \
             and the corporate functions that support it.",
        ),
        Paragraph(
            "The certificate stays valid while surveillance audits are passed and the terms of \
             certification are kept. Its present state can be confirmed in the register of Certa \
             Registrars under the number above.",
        ),
        Signatures(&[
            ("Henrike Aldersen", "Head of certification, Certa Registrars"),
            ("Tomas Brandvold", "Lead auditor, Certa Registrars"),
        ]),
        PageBreak,
        Heading("Annex: sites and controls"),
        Paragraph(
            "The management system covers the sites below. Work from home is covered by the \
             policy for remote work and was sampled at the audit.",
        ),
        Block::Table(SITES),
        Paragraph(
            "Of the 93 controls of Annex A, 91 are applicable. The two that are excluded, and why, \
             are listed here; all other controls are implemented and were sampled over the \
             certification cycle.",
        ),
        Block::Table(CONTROLS),
        Paragraph(
            "This annex is part of certificate CR-27001-20417 and has no meaning without it.",
        ),
    ]
}

const SITES: Table = Table {
    columns: &[2.0, 3.0, 3.0],
    head: &["Site", "Address", "Activities"],
    rows: &[
        &[
            "Zürich (head office)",
            "Werkstrasse 12, 8005 Zürich",
            "Management, product, operations, support",
        ],
        &["Gothenburg", "Södra Kajen 4, 411 04 Göteborg", "Engineering of the payments services"],
        &["Lisbon", "Rua do Cais 88, 1200-109 Lisboa", "Customer support, quality assurance"],
    ],
};

const CONTROLS: Table = Table {
    columns: &[2.6, 1.0, 1.2, 3.4],
    head: &["Theme of Annex A", "Controls", "Applicable", "Remarks"],
    rows: &[
        &["5 Organisational controls", "37", "37", "None excluded"],
        &["6 People controls", "8", "8", "None excluded"],
        &["7 Physical controls", "14", "13", "7.12 Cabling security: no own data centre"],
        &["8 Technological controls", "34", "33", "8.30 Outsourced development: none takes place"],
    ],
};
