//! The plain text versions, word for word; subjects are their first lines.

use insta::assert_snapshot;

use crate::samples::{acme, all};

mod links;
mod seats;
mod threads;

#[test]
fn a_magic_link_says_what_is_open_until_when_and_why_it_comes() {
    assert_snapshot!(first_texts("magic_link", 2), @r"
    2 documents from Acme are open to you

    Maya, your request of 21 November was approved.
    You can now read:

      SOC 2 Type II report 2026
      Business continuity plan

    Open my documents:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works until 29 November 2026, 10:20 (Zurich)
    and in the first browser that opens it. Any other browser asks for a code.

    You get this mail because you asked Acme for documents on 21 November.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    =====
    1 document from Acme is open to you

    Your request of 21 November was approved.
    You can now read:

      SOC 2 Type II report 2026

    Open my documents:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works until 29 November 2026, 10:20 (Zurich)
    and in the first browser that opens it. Any other browser asks for a code.

    You get this mail because Acme was asked for documents with this address on 21 November.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn a_magic_link_without_a_request_says_who_gave_access_or_asked_for_it() {
    assert_snapshot!(last_texts("magic_link", 2), @r"
    5 documents from Acme are open to you

    Maya, Acme has opened documents to you.
    You can now read:

      SOC 2 Type II report 2026
      Business continuity plan
      Partner terms 2026
      and 2 others

    Open my documents:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works until 29 November 2026, 10:20 (Zurich)
    and in the first browser that opens it. Any other browser asks for a code.

    You get this mail because Acme gave this address access.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    =====
    Your link to Acme

    Here is the new link you asked for.

    Open my documents:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works until 29 November 2026, 10:20 (Zurich)
    and in the first browser that opens it. Any other browser asks for a code.

    You get this mail because a new link was asked for with an older one sent to this address.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn a_code_says_what_it_opens_and_that_doing_nothing_is_safe() {
    assert_snapshot!(texts("code"), @r"
    481 920 is your code for Acme

    Enter it in the window that asked for it.
    Valid for 10 minutes, until 09:24 (Zurich).
    It opens SOC 2 Type II report 2026 and nothing else.

    Somebody entered this address on a page of Acme.
    Was it not you? Do nothing: without the code nobody gets in.
    Acme never asks for it by phone or chat.
    =====
    481 920 is your code for Acme

    Enter it in the window that asked for it.
    Valid for 10 minutes, until 09:24 (Zurich).
    It opens what Acme shares with you and nothing else.

    Somebody entered this address on a page of Acme.
    Was it not you? Do nothing: without the code nobody gets in.
    Acme never asks for it by phone or chat.
    ");
}

#[test]
fn a_confirmation_link_explains_why_no_code_came() {
    assert_snapshot!(texts("confirmation_link"), @r"
    Your link for Acme, in place of a code

    Codes for this address are used up for now, so this link does the same.
    It opens SOC 2 Type II report 2026 and nothing else.

    Confirm this address:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works once, until 29 November 2026, 10:20 (Zurich). A newer link replaces it.

    Somebody entered this address on a page of Acme.
    Was it not you? Do nothing: without this link nobody gets in.
    Questions: security@acme.example
    ");
}

#[test]
fn a_received_request_names_nothing_until_the_address_is_proved() {
    assert_snapshot!(texts("request_received"), @r"
    Acme received a request for 2 documents

    Somebody asked Acme for 2 documents and gave this address.

    Acme will look at the request.
    If it says yes, a mail with a link comes to this address. Nothing opens by itself.

    You get this mail because this address was entered on a page of Acme
    on 21 November 2026, 10:20 (Zurich). Not you? Do nothing.
    Questions: security@acme.example
    =====
    Acme received your request for 2 documents

    Maya, Acme has your request for:

      SOC 2 Type II report 2026
      Business continuity plan

    Acme will look at it.
    If it says yes, a mail with a link comes to this address. Nothing opens before that.

    You get this mail because you asked Acme on 21 November 2026, 10:20 (Zurich).
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn an_arrived_request_tells_staff_who_asks_for_what() {
    assert_snapshot!(texts("request_arrived"), @r"
    Northwind asks for 4 documents

    Maya Lind of Northwind (maya@northwind.example) asks Acme for:

      SOC 2 Type II report 2026
      Business continuity plan
      Partner terms 2026
      and 1 other

    Asked on 21 November 2026, 10:20 (Zurich).
    Name and company are as the visitor typed them.
    Nothing opens until somebody decides, in the console under Requests.

    You get this mail because you decide on requests at Acme.
    ");
}

#[test]
fn a_question_is_quoted_above_its_one_link() {
    assert_snapshot!(texts("question"), @r"
    Acme has a question about your request

    Maya, before Acme decides on your request of 21 November 2026, it asks:

    > Which of the two offices is this for?
    >
    > We share the plan per site.

    Answer the question:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works until 19 February 2027, 10:20 (Zurich), for one answer.

    You get this mail because Acme was asked for documents with this address on 21 November 2026.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn a_rejection_names_nothing_until_the_address_is_proved() {
    assert_snapshot!(texts("rejected"), @r"
    Acme declined a request for 1 document

    Acme declined a request of 21 November for 1 document that gave this address.

    Nothing was opened. What was open before stays open.

    You get this mail because Acme was asked for documents with this address.
    Not you? There is nothing to do.
    Questions: security@acme.example
    =====
    Acme declined your request for 2 documents

    Maya, Acme declined your request of 21 November for:

      SOC 2 Type II report 2026
      Business continuity plan

    Nothing was opened. What was open before stays open.

    You get this mail because Acme was asked for documents with this address.
    Not you? There is nothing to do.
    Questions: security@acme.example
    ");
}

#[test]
fn an_ended_access_is_told_to_the_contact() {
    assert_snapshot!(texts("expired"), @r"
    Your access to 1 document from Acme has ended

    Maya, your access ended at the end of 31 March 2027 (Sydney). You can no longer open:

      SOC 2 Type II report 2026

    Do you still need it? Ask Acme again.

    You get this mail because Acme had opened it to this address until then.
    Questions: security@acme.example
    ");
}

#[test]
fn an_ended_access_is_told_to_who_gave_it() {
    assert_snapshot!(texts("access_expired_staff"), @r"
    Maya Lind (Northwind) can no longer open 2 documents

    The access you gave to Maya Lind (Northwind) ended at the end of 31 March 2027 (Sydney), as set:

      SOC 2 Type II report 2026
      Business continuity plan

    Extend the access:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    For 30 days the page restores it as it was; nothing changes before you press its button.

    You get this mail because you shared them at Acme.
    ");
}

#[test]
fn an_end_that_comes_near_is_told_to_both_sides() {
    assert_snapshot!(texts("expiry_warning"), @r"
    Your access to 2 documents from Acme ends in 14 days

    Maya, your access ends in 14 days, at the end of 31 March 2027 (Sydney).
    Until then you can open:

      SOC 2 Type II report 2026
      Business continuity plan

    Do you need them for longer? Ask Acme.

    You get this mail because Acme has opened them to this address until then.
    Questions: security@acme.example
    ");
    assert_snapshot!(texts("expiry_warning_staff"), @r"
    The access of Maya Lind (Northwind) to 1 document ends today

    The access you gave to Maya Lind (Northwind) ends today, at the end of 31 March 2027 (Sydney):

      SOC 2 Type II report 2026

    Extend the access:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    The page says what will happen; nothing changes before you press its button.
    Do nothing, and the access ends as set.

    You get this mail because you shared it at Acme.
    ");
}

#[test]
fn an_invitation_says_who_invites_to_what_and_until_when() {
    assert_snapshot!(texts("invitation"), @r"
    You are invited to work with Acme

    Maya Lind invites you to Acme, as an account manager.
    There you decide who outside may read which documents.

    Accept the invitation:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works once, until 29 November 2026, 10:20 (Zurich). A newer invitation replaces it.

    You get this mail because Acme entered this address for a colleague.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    =====
    You are invited to work with Acme

    Acme invites you, as an administrator.
    There you decide who outside may read which documents.

    Accept the invitation:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works once, until 29 November 2026, 10:20 (Zurich). A newer invitation replaces it.

    You get this mail because Acme entered this address for a colleague.
    Not you? Ignore this mail; nothing opens by itself.
    Questions: security@acme.example
    ");
}

#[test]
fn the_end_of_an_account_is_told_to_reviewers() {
    assert_snapshot!(texts("account_ending"), @r"
    The access of Northwind ends in 3 days

    The access of Northwind ends in 3 days, at the end of 31 March 2027 (Sydney).
    From then on nobody of Northwind opens anything here, whatever is shared with them.
    To let them in for longer, give the account a later end in the console.

    You get this mail because you review accounts at Acme.
    =====
    The access of Northwind has ended

    The access of Northwind ended at the end of 31 March 2027 (Sydney), as set.
    Nobody of Northwind opens anything here any more, whatever is shared with them.
    To let them in for longer, give the account a later end in the console.

    You get this mail because you review accounts at Acme.
    ");
}

/// Every text of one purpose, whose first line must be its subject.
fn texts(purpose: &str) -> String {
    variants(purpose).join("=====\n")
}

fn first_texts(purpose: &str, count: usize) -> String {
    variants(purpose)[..count].join("=====\n")
}

fn last_texts(purpose: &str, count: usize) -> String {
    let texts = variants(purpose);
    texts[texts.len() - count..].join("=====\n")
}

/// Every variant of a purpose; each subject is its text's first line.
fn variants(purpose: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for message in all("Maya", "Northwind", "SOC 2 Type II report 2026") {
        let rendered = message.render(&acme()).unwrap();
        assert_eq!(rendered.text.lines().next(), Some(rendered.subject.as_str()));
        if message.purpose() == purpose {
            texts.push(rendered.text);
        }
    }
    texts
}
