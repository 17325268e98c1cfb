//! Penetration test summary, under a confidentiality agreement.

use crate::pdf::{Block, Document, Table};

pub(super) fn document() -> Document {
    Document {
        title: "Penetration test summary autumn 2026",
        subtitle: "Web application, public API and mobile applications of Acme Ledger",
        author: "Redwater Security Testing",
        keywords: "penetration test, OWASP ASVS, web, API, mobile",
        notice: "Confidential · Only for holders of a confidentiality agreement with Acme AG",
        issued: (2026, 10, 30),
        blocks: [summary(), findings()].concat(),
    }
}

fn summary() -> Vec<Block> {
    use Block::{Bullets, Facts, Heading, Paragraph};
    vec![
        Facts(&[
            ("Client", "Acme AG, Zürich"),
            ("Tested", "5 to 23 October 2026, 24 person days"),
            ("Retested", "27 to 29 October 2026"),
            ("Method", "Grey box, with accounts of every role and access to the API description"),
            ("Open after retest", "No critical or high finding; 1 medium, 2 low"),
        ]),
        Heading("1. Summary"),
        Paragraph(
            "Redwater Security Testing was asked to find out whether an outsider, or a customer \
             with an ordinary account, can reach data or functions of other customers of Acme \
             Ledger. We did not succeed in either. Authorisation is applied in one place and held \
             against every attempt, including identifiers of other customers in paths, bodies, \
             filters and file references.",
        ),
        Paragraph(
            "Eight findings were reported, one of them high. Five, among them the high one, were \
             fixed during the test and confirmed in the retest. For the other three Acme has named \
             dates; we regard them as reasonable.",
        ),
        Heading("2. Scope"),
        Bullets(&[
            "Web application at app.acme.example, in all roles from viewer to administrator.",
            "Public API, versions 3 and 4, including webhooks and tokens of integrations.",
            "Mobile applications for iOS 8.4 and Android 8.4, installed from the stores.",
            "The sign-in service, including recovery of accounts and single sign-on.",
        ]),
        Paragraph(
            "Denial of service, social engineering of employees and the infrastructure of suppliers \
             were out of scope. Tests ran against a copy of production with made-up data and the \
             same configuration.",
        ),
        Heading("3. Method"),
        Paragraph(
            "The test followed the OWASP Web Security Testing Guide and the OWASP Mobile \
             Application Security Testing Guide, and covered the requirements of ASVS 5.0, level 2. \
             Findings are rated by CVSS 4.0 and by what they would mean to Acme’s customers; where \
             the two differ, the higher rating is given.",
        ),
        Block::Table(EFFORT),
    ]
}

fn findings() -> Vec<Block> {
    use Block::{Heading, Paragraph, Signatures, Subheading};
    vec![
        Heading("4. Findings"),
        Block::Table(FINDINGS),
        Subheading("RW-01: Export links could be used by any member of the same customer"),
        Paragraph(
            "Links to finished exports were bound to the customer but not to the person who asked \
             for the export. A member without the right to export could fetch a file if they \
             learned its link. Links are now bound to the person, live for 60 seconds and are \
             issued only after the right was checked again.",
        ),
        Subheading("RW-02: A webhook’s target was resolved twice"),
        Paragraph(
            "The address of a webhook was checked against internal ranges and then resolved again \
             for the call, so that a name which changes in between could point inwards. The \
             address that was checked is now the one that is called.",
        ),
        Subheading("RW-04: Session list did not show API tokens"),
        Paragraph(
            "A person who ends all sessions may believe that nothing acts in their name any more, \
             while tokens go on. Acme will show both in one list by 15 December 2026.",
        ),
        Heading("5. What held"),
        Paragraph(
            "Sessions are bound, rotated at sign-in and ended on the server. Codes of the second \
             factor are limited per account and cannot be replayed. Uploads are checked by content, \
             stored under random names and served from another origin. The content security policy \
             stopped every script we managed to place in a preview. Secrets were found neither in \
             the mobile applications nor in the delivered scripts.",
        ),
        Heading("6. Statement"),
        Paragraph(
            "This summary may be shown to Acme’s customers and prospects under a confidentiality \
             agreement. It reflects the state at the end of the retest; software changes, and a \
             test proves the presence of weaknesses, never their absence.",
        ),
        Signatures(&[
            ("Ines Carvalho", "Lead tester, Redwater Security Testing"),
            ("Magnus Oyelaran", "Quality review, Redwater Security Testing"),
        ]),
    ]
}

const EFFORT: Table = Table {
    columns: &[3.0, 1.2, 4.0],
    head: &["Part", "Days", "Focus"],
    rows: &[
        &[
            "Authorisation between customers",
            "7",
            "Every route with identifiers of a second customer",
        ],
        &["Sign-in, sessions and recovery", "4", "Second factor, single sign-on, takeover"],
        &["Input and files", "4", "Injection, previews, import of statements, uploads"],
        &["API and webhooks", "4", "Tokens, scopes, limits, requests to internal addresses"],
        &["Mobile applications", "3", "Storage, transport, deep links"],
        &["Retest and report", "2", "All findings"],
    ],
};

const FINDINGS: Table = Table {
    columns: &[0.9, 3.8, 1.1, 1.0, 2.2],
    head: &["Number", "Finding", "Rating", "CVSS", "State after retest"],
    rows: &[
        &[
            "RW-01",
            "Export links usable by other members of the same customer",
            "High",
            "7.1",
            "Fixed 16 October 2026",
        ],
        &["RW-02", "Target of webhooks resolved twice", "Medium", "5.9", "Fixed 20 October 2026"],
        &[
            "RW-03",
            "No limit on attempts to guess invitation codes",
            "Medium",
            "5.3",
            "Fixed 14 October 2026",
        ],
        &[
            "RW-04",
            "List of sessions does not show API tokens",
            "Medium",
            "4.6",
            "Open, due 15 December 2026",
        ],
        &[
            "RW-05",
            "Different answers for known and unknown addresses in recovery",
            "Low",
            "3.1",
            "Fixed 19 October 2026",
        ],
        &[
            "RW-06",
            "Screenshots of account numbers kept by Android’s task switcher",
            "Low",
            "2.4",
            "Open, due 31 January 2027",
        ],
        &[
            "RW-07",
            "Version of the proxy visible in error pages",
            "Low",
            "2.1",
            "Fixed 12 October 2026",
        ],
        &[
            "RW-08",
            "Old cipher suites offered by the status page",
            "Low",
            "2.0",
            "Open, due 31 January 2027",
        ],
    ],
};
