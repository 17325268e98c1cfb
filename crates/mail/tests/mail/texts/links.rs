//! What is said of guest links.

use insta::assert_snapshot;

use super::first_texts;

#[test]
fn a_guest_link_says_what_it_allows_and_until_when() {
    assert_snapshot!(first_texts("guest_link", 2), @r"
    Acme shares “SOC 2 Type II report 2026” with you

    Maya, Nina Berg of Acme shares this document with you:

    SOC 2 Type II report 2026

    You can read it, download it and sign it.

    Open the document:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works until the end of 31 March 2027 (Sydney). The first browser that opens it is trusted from
    then on; any other asks for a code that we mail to you. No account is needed.

    You get this mail because Acme gave this address access to the document.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    =====
    Acme shares “SOC 2 Type II report 2026” with you

    Nina Berg of Acme shares this document with you:

    SOC 2 Type II report 2026

    You can read it, download it and sign it.

    Open the document:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    The first browser that opens it is trusted from
    then on; any other asks for a code that we mail to you. No account is needed.

    You get this mail because Acme gave this address access to the document.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn an_opened_link_is_told_to_the_sender() {
    assert_snapshot!(first_texts("link_opened", 1), @r"
    Maya Lind opened “SOC 2 Type II report 2026”

    Maya Lind opened “SOC 2 Type II report 2026”:
    29 November 2026, 10:20 (Zurich), with a proved address, from 203.0.113.7.

    Not who you expected? Deactivate the link: that stops all viewing through it at
    once. Every browser on it is listed, and can be taken off it.

    You get this mail because you made the link.
    Questions: security@acme.example
    ");
}

#[test]
fn a_new_browser_is_told_with_the_way_to_take_it_off() {
    assert_snapshot!(first_texts("new_device", 2), @r"
    “SOC 2 Type II report 2026” was opened in a new browser

    Maya, your link to “SOC 2 Type II report 2026” was opened in a browser that it did not know:
    29 November 2026, 10:20 (Zurich), Firefox on Windows, network 203.0.113.7.

    Was it you? Then there is nothing to do.

    This wasn’t me:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    On that page we mail you a code. Once you type it, the browser is taken off the
    link and Acme is told. Works for 7 days.

    You get this mail because Acme gave this address access to the document.
    Questions: security@acme.example
    =====
    “SOC 2 Type II report 2026” was opened in a new browser

    Your link to “SOC 2 Type II report 2026” was opened in a browser that it did not know:
    29 November 2026, 10:20 (Zurich), network 203.0.113.7.

    Was it you? Then there is nothing to do.

    This wasn’t me:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    On that page we mail you a code. Once you type it, the browser is taken off the
    link and Acme is told. Works for 7 days.

    You get this mail because Acme gave this address access to the document.
    Questions: security@acme.example
    ");
}

#[test]
fn a_browser_that_was_taken_off_is_told_to_the_sender() {
    assert_snapshot!(first_texts("disowned", 1), @r"
    Maya Lind did not open “SOC 2 Type II report 2026”

    A browser opened it 29 November 2026, 10:20 (Zurich).
    Maya Lind says by a code to their mailbox that it was not them, and took it
    off the link. Nobody reads in it any more.

    Somebody else holds the link. Replace it: the old address then opens nothing,
    and Maya Lind gets a new one.

    You get this mail because you made the link.
    Questions: security@acme.example
    ");
}

#[test]
fn who_asks_again_is_told_as_far_as_anybody_knows() {
    assert_snapshot!(first_texts("asked_again", 2), @r"
    Maya Lind asks for “SOC 2 Type II report 2026” again

    Whoever holds the link came 29 November 2026, 10:20 (Zurich) and found that it
    does not open now. They ask you to let it open again.

    Copy or send the link to activate it, or give it a later end. Do nothing, and it
    stays as it is. You are told once a day at the most.

    You get this mail because you made the link.
    Questions: security@acme.example
    =====
    Somebody asks for “SOC 2 Type II report 2026” again

    Whoever holds the link came 29 November 2026, 10:20 (Zurich) and found that it
    does not open now. They ask you to let it open again.

    Copy or send the link to activate it, or give it a later end. Do nothing, and it
    stays as it is. You are told once a day at the most.

    You get this mail because you made the link.
    Questions: security@acme.example
    ");
}

#[test]
fn the_end_of_a_link_is_told_before_and_after() {
    assert_snapshot!(first_texts("link_ending", 2), @r"
    Your link to “SOC 2 Type II report 2026” ends in 3 days

    Your guest link to “SOC 2 Type II report 2026” ends in 3 days,
    at the end of 31 March 2027 (Sydney). From then on it opens nothing.

    To let it open for longer, give it a later end: the address stays the same.

    You get this mail because you made the link.
    Questions: security@acme.example
    =====
    Your link to “SOC 2 Type II report 2026” has ended

    Your guest link to “SOC 2 Type II report 2026” ended at the end of 31 March 2027 (Sydney), as set.
    It opens nothing any more.

    To let it open for longer, give it a later end: the address stays the same.

    You get this mail because you made the link.
    Questions: security@acme.example
    ");
}

#[test]
fn a_plan_without_public_links_is_told_to_who_made_some() {
    assert_snapshot!(first_texts("links_lapsed", 1), @r"
    Your public links open nothing now

    The plan of Acme does not include links that open to anybody any more.
    Those you made, one of them to “SOC 2 Type II report 2026”,
    open nothing now. Links for one contact go on as before.

    Nobody loses access by that. Once the plan includes public links again, the same
    addresses open again; until then, make links for the contacts who need one.

    You get this mail because you made such a link.
    Questions: security@acme.example
    ");
}
