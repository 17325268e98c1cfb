//! What nobody can make a mail say, whatever they type.

use mail::brand::{Accent, Brand};
use mail::error::MailError;
use mail::message::{Message, Opens, Rendered};
use proptest::prelude::*;

use crate::samples::{LINK, acme, all, code, question};

proptest! {
    #[test]
    fn no_subject_holds_a_control_or_invisible_character(
        name in hostile(),
        company in hostile(),
        tenant in hostile(),
    ) {
        let brand = Brand { name: tenant, ..acme() };
        for rendered in rendered(&all(&name, &company, &name), &brand) {
            let subject = &rendered.subject;
            prop_assert!(!subject.chars().any(is_dangerous), "{subject:?}");
            prop_assert!(!subject.trim().is_empty());
            prop_assert!(subject.chars().count() <= 150);
        }
    }

    #[test]
    fn no_typed_text_adds_a_line_or_a_tag(
        name in hostile(),
        company in hostile(),
        title in hostile(),
        tenant in hostile(),
    ) {
        let brand = Brand { name: tenant, ..acme() };
        let plain = rendered(&all("Maya", "Northwind", "Plan"), &acme());
        let typed = rendered(&all(&name, &company, &title), &brand);
        for (plain, typed) in plain.iter().zip(&typed) {
            prop_assert_eq!(lines(&typed.text), lines(&plain.text), "{}", typed.text);
            prop_assert_eq!(tags(&typed.html), tags(&plain.html), "{}", typed.html);
            let hidden = |c: char| c != '\n' && is_dangerous(c);
            prop_assert!(!typed.text.chars().any(hidden) && !typed.html.chars().any(hidden));
        }
    }

    #[test]
    fn a_question_stays_inside_its_quotation(text in hostile()) {
        let [plain, typed] = ["?", text.as_str()].map(|text| question("Maya", text));
        let [plain, typed] = [plain, typed].map(|message| message.render(&acme()).unwrap());
        let outside = |text: &str| {
            let lines = text.lines().filter(|line| !line.starts_with('>'));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(outside(&typed.text), outside(&plain.text));
    }

    #[test]
    fn any_accent_is_a_colour_and_nothing_else(accent in "[#;:<a-f0-9]{0,9}") {
        let brand = Brand { accent: Accent::from_hex(&accent), ..acme() };
        let [plain, typed] = [acme(), brand].map(|brand| rendered(&all("M", "N", "P"), &brand));
        for (plain, typed) in plain.iter().zip(&typed) {
            prop_assert_eq!(typed.html.len(), plain.html.len());
        }
    }
}

#[test]
fn the_only_web_address_is_the_one_passed_in() {
    for message in all("Maya", "Northwind", "Plan") {
        let rendered = message.render(&acme()).unwrap();
        for body in [&rendered.html, &rendered.text] {
            let rest = body.replace(LINK, "");
            assert!(!rest.contains("http") && !rest.contains("://"), "{rest}");
        }
        for hrefs in rendered.html.split("href=\"").skip(1) {
            let href = hrefs.split('"').next().unwrap();
            assert!([LINK, "mailto:security@acme.example"].contains(&href), "{href}");
        }
        let buttons = rendered.html.matches("class=\"go\"").count();
        assert!(buttons <= 1, "{}", message.purpose());
        for loads in ["<img", "src=", "url(", "<script", "<link", "@import"] {
            assert!(!rendered.html.contains(loads), "{} holds {loads}", message.purpose());
        }
    }
}

#[test]
fn a_code_mail_holds_no_link_of_any_kind() {
    for opens in [Opens::Portal, Opens::Document { title: "Plan".to_owned() }] {
        let rendered = code(opens).render(&acme()).unwrap();
        for link in ["<a ", "href", "http", "mailto", "security@"] {
            assert!(!rendered.html.contains(link) && !rendered.text.contains(link), "{link}");
        }
    }
}

#[test]
fn both_versions_say_the_same() {
    for message in all("Maya", "Northwind", "Plan <A> & 'B'") {
        let rendered = message.render(&acme()).unwrap();
        let html = read(&rendered.html);
        assert!(html.contains(&rendered.subject));
        // The text opens with the subject; what a button says ends in a colon there.
        for line in rendered.text.lines().skip(1) {
            let line = line.trim_start_matches('>').trim_end_matches(':').trim();
            assert!(html.contains(line), "{}: {line}\n{html}", message.purpose());
        }
    }
}

#[test]
fn what_is_no_code_or_no_link_is_not_mailed() {
    for bad in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "12 456", "éé12"] {
        let Message::Code { opens, expires_at, .. } = code(Opens::Portal) else { unreachable!() };
        let message = Message::Code { code: bad.to_owned(), opens, expires_at };
        assert!(matches!(message.render(&acme()), Err(MailError::NotACode)), "{bad}");
    }
    for bad in ["", "javascript:alert(1)", "https://a b", "https://a\r\nBcc: b", "//a", "https://é"]
    {
        let is_link = |message: &Message| matches!(message, Message::ConfirmationLink { .. });
        let sample = all("", "", "").into_iter().find(is_link).unwrap();
        let Message::ConfirmationLink { opens, expires_at, .. } = sample else { unreachable!() };
        let message = Message::ConfirmationLink { opens, url: bad.to_owned(), expires_at };
        assert!(matches!(message.render(&acme()), Err(MailError::NotALink)), "{bad}");
    }
}

#[test]
fn whoever_has_no_visible_name_is_still_somebody() {
    let nameless = Brand { name: "\u{200B}".to_owned(), ..acme() };
    let subjects = |name: &str, brand: &Brand| -> Vec<String> {
        let mails = all(name, "", "\u{200B}").into_iter();
        mails.map(|mail| mail.render(brand).unwrap().subject).collect()
    };
    assert!(subjects("Maya", &nameless).iter().any(|subject| subject.contains("The sender")));
    let subjects = subjects("Maya", &acme()).join("\n");
    for stand_in in ["A document", "an account"] {
        assert!(subjects.contains(stand_in), "{stand_in} is missing in:\n{subjects}");
    }
}

#[test]
fn nothing_secret_prints() {
    for message in all("Maya", "Northwind", "Plan") {
        let printed = format!("{message:?} {:?}", message.render(&acme()).unwrap());
        for secret in [LINK, "481", "Maya"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}

/// Anything at all, and more often than chance would have it, what tricks mail programs.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        Just("\r\nBcc: everyone@victim.example\r\n\r\n".to_owned()),
        Just("\u{202E}\u{2066}\u{200B}\u{2028}\u{85}\u{B}\0".to_owned()),
        Just("</p><a href=\"https://evil.example\">{{ url }}".to_owned()),
        "[a-z ]{0,200}",
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{FEFF}')
        || matches!(c, '\u{2060}'..='\u{206F}')
}

fn rendered(messages: &[Message], brand: &Brand) -> Vec<Rendered> {
    messages.iter().map(|message| message.render(brand).unwrap()).collect()
}

fn lines(text: &str) -> usize {
    text.split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']).count()
}

fn tags(html: &str) -> usize {
    html.matches('<').count()
}

/// What is left to read of `html`, with single spaces.
fn read(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let text = text.replace("&#38;", "&").replace("&#39;", "'").replace("&#60;", "<");
    text.replace("&#62;", ">").split_whitespace().collect::<Vec<_>>().join(" ")
}
