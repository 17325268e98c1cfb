//! What is said and signed in the thread of a document.

use insta::assert_snapshot;

use super::first_texts;

#[test]
fn a_message_brings_its_words_and_the_way_to_answer() {
    assert_snapshot!(first_texts("thread_message", 2), @r"
    Acme wrote to you about “SOC 2 Type II report 2026”

    Maya, Nina Berg of Acme writes to you about this document:

    SOC 2 Type II report 2026

    > The annex follows on Monday.
    >
    > Anything else you need?

    Read and answer:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Your answer goes to Acme alone; nobody else who can open the
    document sees it.

    You get this mail because Acme gave this address access to the document.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    =====
    Acme asks you for files: “SOC 2 Type II report 2026”

    Nina Berg of Acme asks you for files:

    SOC 2 Type II report 2026

    > Your commercial register extract, please.

    Read and send files:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    What you send goes to Acme alone; nobody else who can open the
    document sees it.

    You get this mail because Acme gave this address access to the document.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn a_signature_request_says_what_is_asked_and_that_a_code_comes() {
    assert_snapshot!(first_texts("signature_request", 2), @r"
    Acme asks you to sign “SOC 2 Type II report 2026”

    Maya, Nina Berg of Acme asks you to sign this document:

    SOC 2 Type II report 2026

    > By Friday, please.

    Read the document:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Read it first, then sign or decline on the same page. A code is mailed to you
    once, so that nobody else can sign in your name.

    You get this mail because Acme named this address as a signer.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    =====
    Acme asks you to approve “SOC 2 Type II report 2026”

    Maya, Nina Berg of Acme asks you to approve this document:

    SOC 2 Type II report 2026

    Read the document:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Read it first, then approve or decline on the same page. A code is mailed to you
    once, so that nobody else can approve in your name.

    You get this mail because Acme named this address as a signer.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn what_a_guest_did_is_told_with_their_words() {
    assert_snapshot!(first_texts("guest_acted", 5), @r"
    Maya Lind wrote about “SOC 2 Type II report 2026”

    29 November 2026, 10:20 (Zurich), with these words:

    > Which annex applies to us?
    > The second one?

    It stands in the thread of the document, where you can answer.

    You get this mail because you made the link that they came by.
    Questions: security@acme.example
    =====
    Maya Lind declined “SOC 2 Type II report 2026”

    29 November 2026, 10:20 (Zurich), with these words:

    > We sign only with the cap on liability.

    It stands in the thread of the document, where you can answer.

    You get this mail because you made the link that they came by.
    Questions: security@acme.example
    =====
    Maya Lind sent a file for “SOC 2 Type II report 2026”

    29 November 2026, 10:20 (Zurich).

    It stands in the thread of the document, where you can answer.

    You get this mail because you made the link that they came by.
    Questions: security@acme.example
    =====
    Maya Lind signed “SOC 2 Type II report 2026”

    29 November 2026, 10:20 (Zurich).

    It stands in the thread of the document, where you can answer.

    You get this mail because you made the link that they came by.
    Questions: security@acme.example
    =====
    Maya Lind approved “SOC 2 Type II report 2026”

    29 November 2026, 10:20 (Zurich).

    It stands in the thread of the document, where you can answer.

    You get this mail because you made the link that they came by.
    Questions: security@acme.example
    ");
}

#[test]
fn a_certificate_is_told_to_whoever_signed_and_whoever_asked() {
    assert_snapshot!(first_texts("certified", 3), @r"
    “SOC 2 Type II report 2026” is signed by everybody

    Maya, everybody who was asked has signed:

    SOC 2 Type II report 2026

    2 signatures, the last one 29 November 2026, 10:20 (Zurich).
    A certificate lies with the document. It names who signed, when, and the SHA-256
    of exactly what was signed.

    Open the document:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    The signed files never change.

    You get this mail because you signed it.
    Questions: security@acme.example
    =====
    “SOC 2 Type II report 2026” is signed by everybody

    Maya, everybody who was asked has signed:

    SOC 2 Type II report 2026

    2 signatures, the last one 29 November 2026, 10:20 (Zurich).
    A certificate lies with the document. It names who signed, when, and the SHA-256
    of exactly what was signed.

    Your link does not open now. Ask Acme for the certificate.

    You get this mail because you signed it.
    Questions: security@acme.example
    =====
    “SOC 2 Type II report 2026” is signed by everybody

    Everybody who was asked has signed:

    SOC 2 Type II report 2026

    2 signatures, the last one 29 November 2026, 10:20 (Zurich).
    A certificate lies with the document. It names who signed, when, and the SHA-256
    of exactly what was signed.

    The signed files never change.

    You get this mail because you asked for the signatures.
    Questions: security@acme.example
    ");
}
