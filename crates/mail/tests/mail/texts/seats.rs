//! Mails to members about how they sign in.

use insta::assert_snapshot;

use super::texts;

#[test]
fn a_password_reset_says_what_it_ends_and_that_doing_nothing_is_safe() {
    assert_snapshot!(texts("password_reset"), @r"
    Your link to a new password at Acme

    With this link you set another password for this address.
    It replaces the present one everywhere you sign in with it, and signs you out on every device.

    Set a new password:
    https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS

    Works once, until 29 November 2026, 10:20 (Zurich).

    Somebody entered this address on the page for forgotten passwords.
    Was it not you? Do nothing: your password stays as it is.
    Questions: security@acme.example
    ");
}

#[test]
fn a_second_factor_that_is_to_be_turned_off_says_when_and_how_to_keep_it() {
    assert_snapshot!(texts("second_factor_reset"), @r"
    Your second factor at Acme is to be turned off

    An administrator of Acme ordered your second factor to be turned off, as for somebody who lost their authenticator app and their recovery codes.
    From 29 November 2026, 10:20 (Zurich) on, your password alone signs you in.

    Not lost? Sign in with it before then, and it stays.

    You get this mail because you sign in at Acme with this address.
    Did you not ask for it? Sign in with your second factor, and tell your company.
    Questions: security@acme.example
    ");
}
