//! Data processing agreement, public.

use crate::pdf::{Block, Document, Table};

pub(super) fn document() -> Document {
    Document {
        title: "Data processing agreement",
        subtitle: "Standard text under Article 28 of the General Data Protection Regulation",
        author: "Acme AG",
        keywords: "data processing agreement, GDPR, Article 28, subprocessors",
        notice: "Version 2026-2 · Public",
        issued: (2026, 5, 4),
        blocks: [terms(), duties(), annexes()].concat(),
    }
}

fn terms() -> Vec<Block> {
    use Block::{Heading, Paragraph};
    vec![
        Paragraph(
            "This agreement is part of the contract between the customer named there (“Customer”) \
             and Acme AG, Werkstrasse 12, 8005 Zürich, Switzerland (“Acme”), under which Acme \
             provides Acme Ledger (“Service”). It applies from the day the contract is concluded and \
             needs no separate signature.",
        ),
        Heading("§ 1 Subject and roles"),
        Paragraph(
            "Acme processes personal data on behalf of Customer in order to provide the Service. \
             Customer is controller, or processor for another controller; Acme is processor. Nature \
             and purpose of the processing, kinds of data and categories of persons are described in \
             annex 1. Terms have the meaning of Regulation (EU) 2016/679 (“GDPR”); where Swiss law \
             applies they are to be read with the Federal Act on Data Protection.",
        ),
        Heading("§ 2 Instructions"),
        Paragraph(
            "Acme processes the data only on documented instructions of Customer, which are given by \
             the contract, by this agreement and by the use of the Service’s functions. Acme tells \
             Customer without delay if it believes that an instruction infringes data protection \
             law, and may suspend it until Customer has confirmed or changed it. If the law of the \
             Union, a member state or Switzerland obliges Acme to process otherwise, Acme tells \
             Customer before, unless that law forbids it.",
        ),
        Heading("§ 3 Confidentiality"),
        Paragraph(
            "Acme admits to the data only persons who need them for their work and who are bound to \
             confidentiality by contract or law. The obligation outlasts their employment.",
        ),
        Heading("§ 4 Security"),
        Paragraph(
            "Acme takes the technical and organisational measures of annex 2 and keeps them at the \
             state of the art. It may replace a measure by one that protects no less. Acme maintains \
             certification of its information security management under ISO/IEC 27001 and has its \
             controls examined by an independent auditor each year.",
        ),
    ]
}

fn duties() -> Vec<Block> {
    use Block::{Heading, Paragraph};
    vec![
        Heading("§ 5 Subprocessors"),
        Paragraph(
            "Customer agrees to the subprocessors of annex 3. Acme announces a new one at least 30 \
             days ahead by e-mail to the address named for such notices. Customer may object on \
             grounds of data protection within that time; if no way is found to meet the objection, \
             Customer may terminate the affected service as of the change and is refunded what was \
             paid ahead. Acme binds subprocessors to the duties of this agreement and answers for \
             them as for itself.",
        ),
        Heading("§ 6 Processing in other countries"),
        Paragraph(
            "The data are stored in Switzerland and the European Union. They are transferred to \
             another country only if the requirements of chapter V GDPR are met, in particular \
             through the standard contractual clauses of Implementing Decision (EU) 2021/914, which \
             are agreed herewith for that case in the module that applies.",
        ),
        Heading("§ 7 Requests of persons"),
        Paragraph(
            "The Service lets Customer search, correct, export and delete the data of a person. If a \
             person turns to Acme, Acme passes the request on within three working days and does not \
             answer it. Acme assists Customer beyond that as far as it is reasonable.",
        ),
        Heading("§ 8 Breaches"),
        Paragraph(
            "Acme notifies Customer of a personal data breach without undue delay, at the latest 48 \
             hours after becoming aware of it, with the information of Article 33(3) GDPR as far as \
             it is known, and completes it as it emerges. A notice is no admission of fault.",
        ),
        Heading("§ 9 Evidence and audits"),
        Paragraph(
            "Acme proves compliance first of all by its certificates and auditors’ reports, which \
             Customer can obtain from Acme’s trust center at any time. Where these do not answer a \
             justified question, Customer may audit, itself or through an auditor bound to secrecy, \
             once a year on 30 days’ notice during business hours. After a breach that concerns \
             Customer, and on order of an authority, five working days suffice.",
        ),
        Heading("§ 10 End of the contract"),
        Paragraph(
            "For 30 days after the end of the contract Customer can export the data. Acme deletes \
             them within another 60 days, backups included, unless the law demands that they be \
             kept, and confirms it on request.",
        ),
        Heading("§ 11 Liability and order of precedence"),
        Paragraph(
            "The contract’s rules on liability apply; Article 82 GDPR stays untouched. In case of \
             conflict the standard contractual clauses prevail over this agreement, and this \
             agreement over the contract.",
        ),
    ]
}

fn annexes() -> Vec<Block> {
    use Block::{Bullets, Facts, Heading, PageBreak, Paragraph};
    vec![
        PageBreak,
        Heading("Annex 1: Description of the processing"),
        Facts(&[
            ("Purpose", "Bookkeeping, invoicing and initiation of payments for Customer"),
            ("Persons", "Employees, customers and suppliers of Customer; users of the Service"),
            (
                "Kinds of data",
                "Names and contact data; bank details; invoices and payments; records of use; documents that users upload",
            ),
            ("Special categories", "None intended; Customer takes care not to upload any"),
            ("Duration", "For the term of the contract and the times of § 10"),
            ("Data protection officer", "privacy@acme.example"),
        ]),
        Heading("Annex 2: Technical and organisational measures"),
        Bullets(&[
            "Encryption: TLS 1.2 or later in transit, AES-256 at rest, keys in hardware and rotated yearly.",
            "Access: single sign-on with hardware keys, rights by role, reviewed every quarter; access to customer data only for a support case and with a record.",
            "Separation: each record is bound to its customer; development and test use made-up data.",
            "Availability: two regions in operation, restoring to any second of the last 35 days, tested twice a year.",
            "Development: review by a second person, automated tests, scanning of dependencies, penetration tests twice a year.",
            "Traceability: records of access and change are kept for 400 days and cannot be altered.",
            "People: screening, confidentiality, training on joining and every year.",
        ]),
        Heading("Annex 3: Subprocessors"),
        Block::Table(SUBPROCESSORS),
        Paragraph("The present list is also published in Acme’s trust center."),
    ]
}

const SUBPROCESSORS: Table = Table {
    columns: &[2.4, 3.0, 2.0, 2.0],
    head: &["Company", "Service", "Place", "Safeguard"],
    rows: &[
        &[
            "Alpenrechen Cloud AG",
            "Hosting, first region",
            "Zürich, Switzerland",
            "Adequacy decision",
        ],
        &[
            "Mainstrom Rechenzentren GmbH",
            "Hosting, second region",
            "Frankfurt, Germany",
            "Within the Union",
        ],
        &[
            "Postbote Delivery B.V.",
            "Delivery of e-mail",
            "Utrecht, Netherlands",
            "Within the Union",
        ],
        &["Fjordpay AS", "Card processing", "Bergen, Norway", "Within the EEA"],
        &["Helpline Software Lda.", "Support cases", "Lisbon, Portugal", "Within the Union"],
    ],
};
