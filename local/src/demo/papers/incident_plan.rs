//! Incident response plan, on request.

use crate::pdf::{Block, Document, Table};

pub(super) fn document() -> Document {
    Document {
        title: "Incident response plan",
        subtitle: "How Acme detects, contains and learns from security incidents",
        author: "Acme AG",
        keywords: "incident response, severity, notification, forensics",
        notice: "Version 8.0 · Restricted to customers and partners of Acme AG",
        issued: (2026, 9, 14),
        blocks: [roles(), phases(), afterwards()].concat(),
    }
}

fn roles() -> Vec<Block> {
    use Block::{Facts, Heading, Paragraph};
    vec![
        Facts(&[
            ("Owner", "Chief information security officer"),
            ("Approved by", "Executive board, 8 September 2026"),
            ("Report an incident", "security@acme.example, answered around the clock"),
            ("Last exercised", "27 August 2026"),
        ]),
        Heading("1. What counts as an incident"),
        Paragraph(
            "An incident is any event that harms, or is likely to harm, the confidentiality, \
             integrity or availability of information that Acme holds for itself or for customers. \
             Suspicion is enough: whoever suspects one reports it at once and does not investigate \
             alone. Nobody is blamed for reporting, nor for having caused what they report.",
        ),
        Heading("2. Severity"),
        Paragraph(
            "The incident lead sets the severity within 30 minutes and changes it as facts emerge. \
             In doubt the higher one applies.",
        ),
        Block::Table(SEVERITY),
        Heading("3. Roles"),
        Block::Table(ROLES),
        Paragraph(
            "Two people of each role are on call at any time. The incident lead may take any service \
             out of operation, lock any account and call in outside help; nobody but the chief \
             executive may overrule the lead during an incident.",
        ),
    ]
}

fn phases() -> Vec<Block> {
    use Block::{Bullets, Heading, Paragraph, Subheading};
    vec![
        Heading("4. Phases"),
        Subheading("Detect and triage"),
        Bullets(&[
            "Sources: alerts of the monitoring, reports of employees, customers and researchers, notices of suppliers and authorities.",
            "The engineer on call acknowledges within 5 minutes and opens a case with a channel of its own.",
            "The incident lead confirms or dismisses within 30 minutes; dismissals are noted with the reason.",
        ]),
        Subheading("Contain"),
        Bullets(&[
            "First stop the harm, then keep the evidence, then look for the cause – in this order.",
            "Affected machines are isolated and copied with their memory, never switched off.",
            "Sessions, tokens and keys that may be known are withdrawn; the procedures are rehearsed and take under 10 minutes.",
            "If other customers may be affected, the function is switched off for all until the opposite is shown.",
        ]),
        Subheading("Eradicate and recover"),
        Bullets(&[
            "The cause is removed and looked for everywhere else it may exist.",
            "Systems are rebuilt from known images; cleaning in place is not accepted.",
            "Data are compared with backups and logs; differences are explained one by one.",
            "Service is resumed when the incident lead and operations both agree, under closer watch for 14 days.",
        ]),
        Subheading("Keep evidence"),
        Paragraph(
            "Logs are written to storage that production can neither change nor delete, and kept \
             for 400 days. From the first minute on each step is noted with time and name. Copies \
             of disks are hashed when made, and each hand-over is signed.",
        ),
        Heading("5. Whom Acme informs, and when"),
        Paragraph(
            "Customers are told what is known, what is not, and what they can do themselves. Acme \
             would rather inform early and correct than late and complete.",
        ),
        Block::Table(NOTICES),
    ]
}

fn afterwards() -> Vec<Block> {
    use Block::{Bullets, Heading, Paragraph};
    vec![
        Heading("6. Learning"),
        Paragraph(
            "Within five working days of closing an incident of severity 1 or 2, all who took part \
             meet for a review without blame. It asks how the incident became possible, why it was \
             not seen earlier and what made it worse or better. Measures have an owner and a date, \
             and are tracked by the security team until they are proved to work. Customers who were \
             affected receive the review’s summary.",
        ),
        Heading("7. Exercises and measures"),
        Bullets(&[
            "Every quarter a table-top exercise, chosen from the risk register.",
            "Twice a year an exercise without notice, with a real intrusion by a hired team.",
            "Median time from event to acknowledgement in the last year: 3 minutes.",
            "Median time from acknowledgement to containment, severity 1 and 2: 47 minutes.",
        ]),
        Heading("8. Upkeep"),
        Paragraph(
            "The owner reviews the plan every year, after each incident of severity 1, and when laws \
             or contracts change what must be reported. Employees confirm each year that they know \
             how to report.",
        ),
    ]
}

const SEVERITY: Table = Table {
    columns: &[1.0, 4.2, 2.2, 1.8],
    head: &["Severity", "Meaning", "Example", "Lead on duty"],
    rows: &[
        &[
            "1",
            "Customer data known to have reached strangers, or payments known to be manipulated",
            "Stolen database copy",
            "At once, day and night",
        ],
        &[
            "2",
            "Either is likely, or a service is down through an attack",
            "Key found in public",
            "At once, day and night",
        ],
        &["3", "A safeguard failed, others held", "Employee’s laptop infected", "Within 4 hours"],
        &[
            "4",
            "An attempt without effect that teaches something",
            "Targeted phishing, reported",
            "Next working day",
        ],
    ],
};

const ROLES: Table = Table {
    columns: &[2.0, 6.0],
    head: &["Role", "Duty"],
    rows: &[
        &["Incident lead", "Decides, sets the severity, calls in others, ends the incident"],
        &["Scribe", "Keeps the log: what was seen, decided and done, with times"],
        &["Investigation", "Finds cause and extent, keeps the evidence"],
        &["Operations", "Contains, rebuilds and restores"],
        &["Communication", "Speaks to customers and the public, with one voice"],
        &[
            "Legal and data protection",
            "Judges duties to report and contracts; speaks to authorities",
        ],
    ],
};

const NOTICES: Table = Table {
    columns: &[2.6, 2.2, 4.0],
    head: &["Who", "When", "How"],
    rows: &[
        &[
            "Customers affected",
            "48 hours, severity 1 within 24",
            "E-mail to security contacts, then telephone",
        ],
        &["All customers", "As soon as they can do something", "Status page"],
        &[
            "Data protection authority",
            "72 hours, if people are at risk",
            "By the data protection officer",
        ],
        &[
            "People affected",
            "Without delay, if at high risk",
            "Through the customer, or directly if agreed",
        ],
        &["Supervisor of payment services", "24 hours, if payments are affected", "By legal"],
        &["Insurer", "48 hours", "By finance"],
    ],
};
