//! SOC 2 Type II report, under a confidentiality agreement.

use crate::pdf::{Block, Document, Table};

pub(super) fn document() -> Document {
    Document {
        title: "SOC 2 Type II report 2026",
        subtitle: "Description of Acme Ledger and report on its controls relevant to security, availability and confidentiality, 1 October 2025 to 30 September 2026",
        author: "Northgate Assurance LLP",
        keywords: "SOC 2, Type II, trust services criteria, security, availability, confidentiality",
        notice: "Confidential · Only for holders of a confidentiality agreement with Acme AG",
        issued: (2026, 11, 6),
        blocks: [opinion(), description(), results()].concat(),
    }
}

fn opinion() -> Vec<Block> {
    use Block::{Facts, Heading, PageBreak, Paragraph, Signatures};
    vec![
        Facts(&[
            ("Service organisation", "Acme AG, Zürich"),
            ("System", "Acme Ledger, a hosted accounting and payments platform"),
            ("Criteria", "2017 Trust Services Criteria with revised points of focus (2022)"),
            ("Period", "1 October 2025 to 30 September 2026"),
            ("Opinion", "Unqualified"),
        ]),
        Heading("1. Independent service auditor’s report"),
        Paragraph(
            "We have examined the description of Acme Ledger prepared by the management of Acme AG \
             for the period 1 October 2025 to 30 September 2026, and the suitability of the design \
             and operating effectiveness of the controls stated in it, to provide reasonable \
             assurance that Acme’s service commitments and system requirements were achieved on \
             the basis of the criteria for security, availability and confidentiality.",
        ),
        Paragraph(
            "Management is responsible for its commitments, for the description and for designing, \
             implementing and operating effective controls. Our responsibility is to express an \
             opinion, based on our examination, which was conducted in accordance with the \
             attestation standards of the American Institute of Certified Public Accountants.",
        ),
        Paragraph(
            "Controls have inherent limits: people may err or evade them, and what holds in one \
             period may weaken in the next. The examination did not extend to the controls of the \
             subservice organisations named in section 2, which are presented by the carve-out \
             method.",
        ),
        Paragraph(
            "In our opinion, in all material respects, the description presents the system that \
             was designed and implemented throughout the period; the controls stated were suitably \
             designed; and they operated effectively throughout the period, if the complementary \
             controls of user entities and subservice organisations assumed in the design operated \
             effectively too.",
        ),
        Signatures(&[("Northgate Assurance LLP", "Service auditor, London, 6 November 2026")]),
        PageBreak,
    ]
}

fn description() -> Vec<Block> {
    use Block::{Bullets, Heading, Paragraph, Subheading};
    vec![
        Heading("2. Description of the system"),
        Subheading("Services"),
        Paragraph(
            "Acme Ledger keeps the accounts of about 3,100 business customers and initiates \
             payments on their behalf. Customers reach it by browser, mobile application and a \
             public API. Commitments are made in the master services agreement: 99.9 per cent \
             availability a month, encryption of customer data in transit and at rest, and notice \
             of security incidents within 48 hours.",
        ),
        Subheading("Infrastructure and data"),
        Paragraph(
            "The platform runs in two regions of a public cloud provider, Zürich and Frankfurt, in \
             accounts separated by environment. Customer data lie in replicated databases and \
             object storage, encrypted under keys that Acme manages and rotates yearly. Every \
             record carries the customer’s identifier, and every query is bound to it.",
        ),
        Subheading("People and procedures"),
        Bullets(&[
            "A security team of six reports to the chief information security officer, who reports to the chief executive.",
            "Employees are screened before they start, sign confidentiality terms and complete security training each year.",
            "Changes are reviewed by a second engineer, tested automatically and released through one pipeline; nobody writes to production by hand.",
            "Access is granted by role through single sign-on with hardware keys, reviewed every quarter and withdrawn on the last working day.",
        ]),
        Subheading("Subservice organisations"),
        Paragraph(
            "Cloud hosting, delivery of e-mail and card processing are provided by subservice \
             organisations. Acme reviews their own reports each year and monitors their \
             availability.",
        ),
        Subheading("Complementary user entity controls"),
        Bullets(&[
            "Customers manage who of their people has access, and withdraw it when they leave.",
            "Customers require multi-factor authentication of their administrators.",
            "Customers tell Acme without delay of credentials that may be known to others.",
        ]),
        Heading("3. Controls, tests and results"),
        Paragraph(
            "Tests were inquiry, observation, inspection of evidence and, for automated controls, \
             re-performance. Samples were drawn from the whole period. The table shows a selection; \
             the full matrix of 118 controls is in the annex held by the service auditor.",
        ),
    ]
}

fn results() -> Vec<Block> {
    use Block::{Heading, Paragraph};
    vec![
        Block::Table(CONTROLS),
        Heading("4. Exception and management’s response"),
        Paragraph(
            "CC6.2: For 1 of 25 leavers sampled, access to the support system was withdrawn three \
             working days late. The account was not used in between.",
        ),
        Paragraph(
            "Management’s response: the support system has since been connected to single sign-on, \
             so that access ends with the employee’s account. No further case was found in a review \
             of all leavers of the period.",
        ),
        Heading("5. Changes during the period"),
        Paragraph(
            "In February 2026 the second region moved from active–passive to active–active \
             operation. In May 2026 hardware keys replaced one-time codes for all employees. \
             Neither change affected the commitments made to customers.",
        ),
    ]
}

const CONTROLS: Table = Table {
    columns: &[0.9, 3.4, 3.2, 2.0],
    head: &["Criterion", "Control", "Test", "Result"],
    rows: &[
        &[
            "CC1.1",
            "Employees confirm the code of conduct on joining and every year.",
            "Inspected confirmations of 25 employees.",
            "No exception",
        ],
        &[
            "CC2.2",
            "Security policies are published to all employees and reviewed every year.",
            "Inspected publication and last review of all 19 policies.",
            "No exception",
        ],
        &[
            "CC3.2",
            "Risks are assessed every quarter and owners named.",
            "Inspected four registers and minutes.",
            "No exception",
        ],
        &[
            "CC4.1",
            "An external party tests the platform twice a year.",
            "Inspected both reports and follow-up.",
            "No exception",
        ],
        &[
            "CC6.1",
            "Production is reached only through single sign-on with a hardware key.",
            "Observed sign-in; inspected configuration; attempted access without a key.",
            "No exception",
        ],
        &[
            "CC6.2",
            "Access ends on the last working day.",
            "Compared 25 leavers with the systems’ logs.",
            "1 exception, see section 4",
        ],
        &[
            "CC6.3",
            "Access rights are reviewed every quarter by the owners of systems.",
            "Inspected four reviews and the changes that followed.",
            "No exception",
        ],
        &[
            "CC6.7",
            "Customer data are encrypted in transit with TLS 1.2 or later.",
            "Scanned all public endpoints; re-performed negotiation.",
            "No exception",
        ],
        &[
            "CC7.1",
            "Images and dependencies are scanned daily; critical findings are fixed within 7 days.",
            "Inspected 40 findings from detection to fix.",
            "No exception",
        ],
        &[
            "CC7.2",
            "Alerts on suspicious activity reach the engineer on call within 5 minutes.",
            "Inspected 30 alerts; observed one drill.",
            "No exception",
        ],
        &[
            "CC7.4",
            "Incidents follow the incident response plan and are reviewed afterwards.",
            "Inspected all 6 incidents of the period.",
            "No exception",
        ],
        &[
            "CC8.1",
            "Every change is reviewed and passes automated tests before release.",
            "Re-performed the pipeline’s refusal; inspected 45 changes.",
            "No exception",
        ],
        &[
            "CC9.2",
            "Suppliers with access to customer data are assessed every year.",
            "Inspected assessments of all 11 suppliers.",
            "No exception",
        ],
        &[
            "A1.2",
            "Data are replicated across regions and backed up daily.",
            "Inspected configuration and 25 daily backups.",
            "No exception",
        ],
        &[
            "A1.3",
            "Recovery is tested twice a year.",
            "Inspected both test reports, incl. measured times.",
            "No exception",
        ],
        &[
            "C1.2",
            "Customer data are deleted 90 days after a contract ends.",
            "Inspected deletion records of 15 customers.",
            "No exception",
        ],
    ],
};
