//! Widths and encoding of the two Helvetica faces that every PDF reader brings along.
//!
//! Widths are thousandths of the size, from Adobe's font metrics of the 14 standard fonts (Core14 AFM).

/// One of the faces used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
}

/// U+0020 to U+007E.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// U+0020 to U+007E.
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// Beyond ASCII: code in `WinAnsiEncoding`, regular width, bold width.
const SPECIAL: [(char, u8, u16, u16); 10] = [
    ('–', 0x96, 556, 556),
    ('’', 0x92, 222, 278),
    ('“', 0x93, 333, 500),
    ('”', 0x94, 333, 500),
    ('•', 0x95, 350, 350),
    ('§', 0xa7, 556, 556),
    ('·', 0xb7, 278, 278),
    ('é', 0xe9, 556, 556),
    ('ö', 0xf6, 556, 611),
    ('ü', 0xfc, 556, 611),
];

/// What a sign without a width here is set as, so that a slip is seen and harms nothing.
const UNKNOWN: u8 = b'?';

/// `text` in `WinAnsiEncoding`.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    text.chars()
        .map(|sign| match u8::try_from(sign) {
            Ok(code @ 0x20..=0x7e) => code,
            _ => special(sign).map_or(UNKNOWN, |(_, code, _, _)| code),
        })
        .collect()
}

/// How far `text` reaches at `size` points, in points.
pub(crate) fn width(text: &str, face: Face, size: f32) -> f32 {
    let table = match face {
        Face::Regular => &REGULAR,
        Face::Bold => &BOLD,
    };
    let thousandths: f32 = text
        .chars()
        .map(|sign| {
            let index =
                u32::from(sign).checked_sub(0x20).and_then(|index| usize::try_from(index).ok());
            let plain = index.and_then(|index| table.get(index)).copied();
            let width = plain.or_else(|| {
                special(sign).map(|(_, _, regular, bold)| match face {
                    Face::Regular => regular,
                    Face::Bold => bold,
                })
            });
            f32::from(width.unwrap_or(556))
        })
        .sum();
    thousandths * size / 1000.0
}

/// `text` in lines no wider than `limit` points, broken between words.
pub(crate) fn wrap(text: &str, face: Face, size: f32, limit: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || width(&longer, face, size) <= limit {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn special(sign: char) -> Option<(char, u8, u16, u16)> {
    SPECIAL.into_iter().find(|(known, ..)| *known == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_wider_than_asked_unless_it_is_one_word() {
        let text =
            "Acme keeps two copies of every document in two places – “always” – and tests them";
        for line in wrap(text, Face::Regular, 10.0, 120.0) {
            assert!(width(&line, Face::Regular, 10.0) <= 120.0, "{line}");
        }
        assert_eq!(wrap("unbreakable", Face::Bold, 10.0, 5.0), ["unbreakable"]);
        assert_eq!(wrap(text, Face::Regular, 10.0, 9999.0).join(" "), text);
    }

    #[test]
    fn signs_beyond_ascii_have_their_place_in_the_encoding() {
        assert_eq!(encode("§ 3 – é"), [0xa7, 0x20, 0x33, 0x20, 0x96, 0x20, 0xe9]);
        assert_eq!(encode("日"), [UNKNOWN]);
    }
}
