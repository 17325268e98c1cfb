//! The smallest files of each type, and files that pretend.

use super::MediaType;

/// Whether an archive carries the records of large files.
#[derive(Clone, Copy)]
pub(super) enum Large {
    Yes,
    No,
}

/// True samples of a type.
pub(super) fn of(truth: MediaType) -> Vec<Vec<u8>> {
    let office = |parts: [&str; 2]| {
        let names = ["[Content_Types].xml", "_rels/.rels", parts[0], parts[1]];
        vec![archive(&names), archive_with(&names, Large::Yes, b"streamed")]
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    match truth {
        MediaType::Pdf => vec![
            b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n".to_vec(),
            b"\xEF\xBB\xBF\r\n %PDF-2.0\n%%EOF".to_vec(),
            b"%PDF-1.4\nall of it is ASCII\n%%EOF\n".to_vec(),
        ],
        MediaType::Png => {
            vec![b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec()]
        }
        MediaType::Jpeg => vec![
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xD9".to_vec(),
            b"\xFF\xD8\xFF\xE1\0\x08Exif\0\0\xFF\xD9".to_vec(),
            b"\xFF\xD8\xFF\xDB\0\x43\0".to_vec(),
        ],
        MediaType::Webp => vec![
            b"RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\0\0\0".to_vec(),
            b"RIFFabcdWEBPVP8 all of it is text".to_vec(),
        ],
        MediaType::Docx => office(["word/document.xml", "word/embeddings/sheet.xlsx"]),
        MediaType::Xlsx => office(["xl/workbook.xml", "xl/worksheets/sheet1.xml"]),
        MediaType::Pptx => office(["ppt/presentation.xml", "ppt/slides/slide1.xml"]),
        MediaType::Txt => texts(&["Dear Ada,\n\nyours\n", "\u{FEFF}größe\r\n", "x"]),
        MediaType::Csv => texts(&["name,city\r\nAda,London\r\n", "größe;1\n"]),
    }
}

/// Files that are none of the types, whatever they claim.
pub(super) fn disguises() -> Vec<Vec<u8>> {
    let macros = ["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"];
    vec![
        Vec::new(),
        b"<html><script>alert(1)</script>%PDF-1.7".to_vec(),
        b"<!-- \n%PDF-1.7\n -->".to_vec(),
        b"GIF89a\x01\0\x01\0".to_vec(),
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0".to_vec(),
        b"MZ\x90\0\x03".to_vec(),
        b"\x89PNG\r\n".to_vec(),
        b"\xFF\xD8".to_vec(),
        b"RIFF\0\0\0\0WAVEfmt ".to_vec(),
        b"PK\x03\x04".to_vec(),
        [vec![b' '; 1024], b"%PDF-1.7\0".to_vec()].concat(),
        archive(&["META-INF/MANIFEST.MF", "Main.class"]),
        archive(&["mimetype", "content.xml"]),
        archive(&macros),
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
    ]
}

/// A ZIP archive of empty parts.
pub(super) fn archive(names: &[&str]) -> Vec<u8> {
    archive_with(names, Large::No, b"")
}

/// A ZIP archive of empty parts with a comment at its end.
pub(super) fn archive_with(names: &[&str], large: Large, comment: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for name in names {
        let local_at = u32::try_from(file.len()).unwrap().to_le_bytes();
        let name_bytes = u16::try_from(name.len()).unwrap().to_le_bytes();
        // Version 2.0, no flags, stored, no time, and the checksum and sizes of nothing.
        let shared = [[20, 0].as_slice(), &[0; 20], &name_bytes].concat();
        file.extend([b"PK\x03\x04", &shared[..], &[0; 2], name.as_bytes()].concat());
        let own = [[0; 12].as_slice(), &local_at, name.as_bytes()].concat();
        directory.extend([b"PK\x01\x02\x14\0", &shared[..], &own].concat());
    }
    let directory_at = u32::try_from(file.len()).unwrap().to_le_bytes();
    let directory_bytes = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let entries = u16::try_from(names.len()).unwrap().to_le_bytes();
    let comment_bytes = u16::try_from(comment.len()).unwrap().to_le_bytes();
    file.extend(directory);
    if let Large::Yes = large {
        file.extend([b"PK\x06\x06\x2C".as_slice(), &[0; 51], b"PK\x06\x07", &[0; 16]].concat());
    }
    let counts = [[0; 4].as_slice(), &entries, &entries, &directory_bytes, &directory_at].concat();
    file.extend([b"PK\x05\x06", &counts[..], &comment_bytes, comment].concat());
    file
}
