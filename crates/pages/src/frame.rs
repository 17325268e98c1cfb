//! How pages travel from the process that draws them: a head of two numbers, then each page in
//! each width, in order.
//!
//! ```text
//! head   total: u32   count: u32
//! page   format: u8   length: u32   bytes
//! ```
//!
//! Numbers are big-endian. Which page it is follows from its place, so there is nothing to mistrust.

use domain::picture::Format;

/// Bytes of the head.
pub(crate) const HEAD_BYTES: usize = 8;
/// Bytes in front of a page.
pub(crate) const PAGE_HEAD_BYTES: usize = 5;
/// Longest page; nothing that can be seen needs more.
pub(crate) const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) fn head(total: u32, count: u32) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    let (first, second) = head.split_at_mut(HEAD_BYTES / 2);
    first.copy_from_slice(&total.to_be_bytes());
    second.copy_from_slice(&count.to_be_bytes());
    head
}

/// The total and the count.
pub(crate) fn read_head(head: [u8; HEAD_BYTES]) -> (u32, u32) {
    // One number behind the other is one of twice the length.
    let both = u64::from_be_bytes(head);
    let lower = both & u64::from(u32::MAX);
    (u32::try_from(both >> 32).unwrap_or_default(), u32::try_from(lower).unwrap_or_default())
}

pub(crate) fn page_head(format: Format, length: usize) -> Option<[u8; PAGE_HEAD_BYTES]> {
    let length = u32::try_from(length).ok().filter(|_| length <= PAGE_BYTES_MAX)?;
    let [a, b, c, d] = length.to_be_bytes();
    Some([code(format), a, b, c, d])
}

/// The format and the length, if both can be.
pub(crate) fn read_page_head(head: [u8; PAGE_HEAD_BYTES]) -> Option<(Format, usize)> {
    let [named, a, b, c, d] = head;
    let format = Format::ALL.into_iter().find(|format| code(*format) == named)?;
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    (length <= PAGE_BYTES_MAX).then_some((format, length))
}

fn code(format: Format) -> u8 {
    match format {
        Format::Png => b'p',
        Format::Jpeg => b'j',
        Format::Webp => b'w',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_as_they_were_written() {
        assert_eq!(read_head(head(300, 200)), (300, 200));
        for format in Format::ALL {
            let head = page_head(format, 70_000).unwrap();
            assert_eq!(read_page_head(head), Some((format, 70_000)));
        }
    }

    #[test]
    fn a_length_beyond_the_bound_is_neither_written_nor_believed() {
        assert_eq!(page_head(Format::Webp, PAGE_BYTES_MAX + 1), None);
        assert_eq!(read_page_head([b'w', 0xFF, 0xFF, 0xFF, 0xFF]), None);
        assert_eq!(read_page_head([b'x', 0, 0, 0, 1]), None);
    }
}
