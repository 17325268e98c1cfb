//! Business continuity plan, on request.

use crate::pdf::{Block, Document, Table};

pub(super) fn document() -> Document {
    Document {
        title: "Business continuity plan",
        subtitle: "How Acme keeps Acme Ledger running, and restores it when it does not run",
        author: "Acme AG",
        keywords: "business continuity, disaster recovery, RTO, RPO",
        notice: "Version 5.1 · Restricted to customers and partners of Acme AG",
        issued: (2026, 7, 2),
        blocks: [foundations(), strategies(), upkeep()].concat(),
    }
}

fn foundations() -> Vec<Block> {
    use Block::{Bullets, Facts, Heading, Paragraph};
    vec![
        Facts(&[
            ("Owner", "Chief operating officer"),
            ("Approved by", "Executive board, 30 June 2026"),
            ("Last tested", "11 June 2026"),
            ("Next review", "June 2027, or after any activation"),
        ]),
        Heading("1. Purpose and scope"),
        Paragraph(
            "This plan says who decides and what is done when Acme cannot work as usual: when a \
             data centre, a supplier, an office or a large part of the staff is not available. It \
             covers Acme Ledger, its support, and the corporate functions without which neither \
             can go on for a week. Security incidents are handled by the incident response plan, \
             which may activate this one.",
        ),
        Heading("2. What matters most"),
        Paragraph(
            "The business impact analysis of April 2026 asked for each service how long customers \
             can do without it and how much data they can afford to lose. From the answers follow \
             the objectives below: the recovery time objective (RTO) counts from the decision to \
             activate, the recovery point objective (RPO) from the last moment before the \
             disruption.",
        ),
        Block::Table(OBJECTIVES),
        Heading("3. Who decides"),
        Paragraph(
            "The continuity lead, on duty around the clock in weekly turns, judges every disruption \
             that may outlast 30 minutes and activates the plan. The lead may spend up to CHF 50,000 \
             and move traffic between regions without asking. From activation on the crisis team \
             meets by telephone every hour until the lead ends it.",
        ),
        Bullets(&[
            "Continuity lead: decides, keeps the log, ends the activation.",
            "Operations: restores services in the order of section 2.",
            "Communication: informs customers through the status page within 30 minutes, then at least every two hours.",
            "People: finds out that employees are safe and able to work.",
            "Legal: judges duties to report to authorities and contract partners.",
        ]),
    ]
}

fn strategies() -> Vec<Block> {
    use Block::{Bullets, Heading, Paragraph, Subheading};
    vec![
        Heading("4. Strategies"),
        Subheading("Loss of a region"),
        Paragraph(
            "Both regions serve customers at all times, each with the capacity for all of them. \
             Databases are replicated between them within two seconds. When health checks of a \
             region fail for three minutes, traffic moves to the other one without a decision; \
             moving back takes one. Payments that were under way are reconciled against the banks’ \
             confirmations before they are sent again.",
        ),
        Subheading("Loss or damage of data"),
        Paragraph(
            "Databases can be restored to any second of the last 35 days. Daily copies are kept for \
             a year in an account that production cannot write to or delete from. Restoring into an \
             empty environment is scripted and takes about two hours for the largest database.",
        ),
        Subheading("Loss of a supplier"),
        Bullets(&[
            "E-mail: a second provider is configured and sends one per cent of mails at all times.",
            "Payments: files can be handed to the banks directly; the procedure needs two people and takes 40 minutes.",
            "Telephone: support answers by chat and e-mail; the numbers are diverted by the carrier.",
            "Source code and build: a copy is kept with another provider every hour and can release on its own.",
        ]),
        Subheading("Loss of an office"),
        Paragraph(
            "All employees have a portable computer and can work from home from one hour to the \
             next; no service depends on equipment in an office. Offices are places to meet, and \
             may stay closed for weeks.",
        ),
        Subheading("Loss of staff"),
        Paragraph(
            "For each service in section 2 at least three people can restore it without help, in at \
             least two places. With up to 40 per cent of staff absent, projects stop and operation \
             and support go on; above that, support hours are shortened to 8:00 to 18:00.",
        ),
        Heading("5. Activation, step by step"),
        Bullets(&[
            "Minute 0: alert reaches the engineer on call; a log is opened.",
            "Minute 15: the engineer has confirmed the disruption and calls the continuity lead.",
            "Minute 30: the lead activates the plan; the first notice stands on the status page.",
            "Hour 1: the crisis team has met, set the order of work and named who informs whom.",
            "Every hour: state, next steps and new risks are noted in the log.",
            "End: services have been normal for two hours, data are verified, the lead ends the activation.",
            "Within 10 working days: the review is written and its measures have owners and dates.",
        ]),
    ]
}

fn upkeep() -> Vec<Block> {
    use Block::{Heading, Paragraph};
    vec![
        Heading("6. Exercises"),
        Paragraph(
            "The plan is exercised at least four times a year, two of them by really switching. \
             Results are compared with the objectives and reported to the executive board.",
        ),
        Block::Table(EXERCISES),
        Paragraph(
            "The exercise of 17 March 2026 missed the objective of support, because the diversion of \
             telephone numbers was known to one person only. The procedure has since been written \
             down, and was repeated in June by somebody who had not seen it before.",
        ),
        Heading("7. Upkeep"),
        Paragraph(
            "The owner reviews this plan every year and after every activation. Contact lists are \
             checked every quarter by calling. A printed copy lies in each office and with each \
             member of the crisis team, since a plan that needs the systems it restores is none.",
        ),
    ]
}

const OBJECTIVES: Table = Table {
    columns: &[3.0, 1.2, 1.2, 3.4],
    head: &["Service", "RTO", "RPO", "Why"],
    rows: &[
        &["Initiation of payments", "1 hour", "0", "Cut-off times of the banks"],
        &["Sign-in and access", "1 hour", "5 minutes", "Everything else depends on it"],
        &["Ledger and reports", "4 hours", "5 minutes", "Daily work of customers"],
        &["Public API", "4 hours", "5 minutes", "Integrations retry for a day"],
        &["Customer support", "8 hours", "4 hours", "Questions rise during a disruption"],
        &["Invoicing of customers", "5 days", "24 hours", "May wait until month’s end"],
        &["Payroll and finance of Acme", "5 days", "24 hours", "Once a month"],
    ],
};

const EXERCISES: Table = Table {
    columns: &[1.8, 3.6, 1.6, 1.6],
    head: &["Date", "Exercise", "Objective", "Measured"],
    rows: &[
        &[
            "11 June 2026",
            "Region Zürich switched off during business hours",
            "RTO 1 hour",
            "4 minutes",
        ],
        &[
            "6 May 2026",
            "Largest database restored into an empty account",
            "RTO 4 hours",
            "1 h 52 min",
        ],
        &[
            "17 March 2026",
            "Zürich office closed for a day without notice",
            "RTO 8 hours",
            "9 h 10 min",
        ],
        &["20 January 2026", "Table-top: card processor fails for three days", "–", "6 measures"],
        &["13 November 2025", "Region Frankfurt switched off at night", "RTO 1 hour", "3 minutes"],
    ],
};
