//! MIME types and file names of documents, such as reports and attachments.

/// The greatest length of a file name in bytes on common file systems.
const LONGEST: usize = 255;

/// Names that Windows reserves for devices, with any extension.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Returns the MIME type for a file name or an extension, for the formats of Tryton's reports and common attachments.
///
/// Other formats are `application/octet-stream`.
///
/// ```
/// use tryton_sdk::document::mime_type;
///
/// assert_eq!(mime_type("pdf"), "application/pdf");
/// assert_eq!(mime_type("Invoice 7.ODT"), "application/vnd.oasis.opendocument.text");
/// assert_eq!(mime_type("unknown"), "application/octet-stream");
/// ```
pub fn mime_type(name: &str) -> &'static str {
    let extension = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    match extension.as_str() {
        "csv" => "text/csv; charset=utf-8",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "eml" => "message/rfc822",
        "gif" => "image/gif",
        "htm" | "html" => "text/html; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "jpeg" | "jpg" => "image/jpeg",
        "json" => "application/json",
        "odg" => "application/vnd.oasis.opendocument.graphics",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odt" => "application/vnd.oasis.opendocument.text",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "rtf" => "application/rtf",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "webp" => "image/webp",
        "xhtml" => "application/xhtml+xml",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xml" => "application/xml",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Returns a file name that is safe on Linux, macOS and Windows: a single path component of at most 255 bytes.
///
/// Path separators, control characters, and other characters that a system forbids become `_`. Leading and trailing dots and
/// spaces are removed, and a name that Windows reserves gets a `_` in front. A long name is cut before its extension.
///
/// ```
/// use tryton_sdk::document::file_name;
///
/// assert_eq!(file_name("Offer 7/2026.pdf"), "Offer 7_2026.pdf");
/// assert_eq!(file_name("../../etc/passwd"), "_.._etc_passwd");
/// assert_eq!(file_name(""), "document");
/// ```
pub fn file_name(name: &str) -> String {
    let replaced: String = name.chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    let mut safe = replaced.trim_matches(is_edge).to_owned();
    let stem = safe.split('.').next().unwrap_or_default().trim_end();
    if RESERVED.iter().any(|reserved| stem.eq_ignore_ascii_case(reserved)) {
        safe.insert(0, '_');
    }
    if safe.is_empty() {
        return "document".to_owned();
    }
    shortened(safe)
}

fn is_unsafe(c: char) -> bool {
    // Marks of direction make `fdp.exe` look like `exe.pdf`.
    let turns_round = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns_round || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Whether a name must not begin or end with the character.
fn is_edge(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Cuts the stem of a name that is too long, between two characters.
fn shortened(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() < LONGEST / 2 => (stem, format!(".{extension}")),
        _ => (name.as_str(), String::new()),
    };
    let longest = LONGEST - extension.len();
    let end = (0..=longest).rev().find(|&end| stem.is_char_boundary(end)).unwrap_or(0);
    format!("{}{extension}", stem[..end].trim_end_matches(is_edge))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn hostile_names_become_one_component_of_a_path() {
        for (name, expected) in [
            ("Sale S1", "Sale S1"),
            ("Müller & Söhne.odt", "Müller & Söhne.odt"),
            ("..", "document"),
            (" . ", "document"),
            (".bashrc", "bashrc"),
            ("C:\\autoexec.bat", "C__autoexec.bat"),
            ("a\0b\nc.pdf", "a_b_c.pdf"),
            ("invoice\u{202e}fdp.exe", "invoice_fdp.exe"),
            ("NUL.txt", "_NUL.txt"),
            ("con", "_con"),
            ("console", "console"),
            ("what?.pdf. ", "what_.pdf"),
        ] {
            assert_eq!(file_name(name), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let long = file_name(&format!("{}.pdf", "ä".repeat(300)));
        assert!(long.len() <= 255 && long.ends_with("ä.pdf"), "{long}");
        assert_eq!(file_name(&"x".repeat(300)).len(), 255);
        assert_eq!(file_name(&format!("a.{}", "x".repeat(300))).len(), 255);
    }
}
