//! Formats rows in columns, for a terminal.

/// Writes a line for each of `rows`, indented, with its cells in columns.
///
/// The last cell of a row may have any length, and makes no column wider. Line ends within a cell become blanks.
///
/// ```
/// use tryton_sdk_metadata::columns::columns;
///
/// let rows = [["party", "many2one"], ["a", "b"]].map(|row| row.map(str::to_owned));
/// assert_eq!(columns(&rows), "  party  many2one\n  a      b\n");
/// ```
pub fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| cell.replace('\n', " "))).collect();
    let ends = |row: &[String; N], at: usize| row[at + 1..].iter().all(String::is_empty);
    let width = |at: usize| {
        let followed = rows.iter().filter(|row| !ends(row, at));
        followed.map(|row| row[at].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        text.push_str("  ");
        for (at, cell) in row.iter().enumerate() {
            text.push_str(cell);
            if ends(row, at) {
                break;
            }
            // Rust's own padding is limited to 65,535 characters.
            text.push_str(&" ".repeat(widths[at] - cell.chars().count() + 2));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn a_cell_may_be_longer_than_any_line() {
        let long = "x".repeat(70_000);
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let text = columns(&[row(["help", &long, ""]), row(["type", "char", "y"]), row([&long, "\nz", ""])]);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["help", &long]);
        assert!(lines[1].ends_with("  char  y"), "the long help makes no room beside itself");
        assert_eq!(lines[2], format!("  {long}   z"));
    }
}
