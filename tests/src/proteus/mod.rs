//! Programs that use proteus, Tryton's own client library, for comparison with the SDK.

use std::io;
use std::path::Path;
use std::process::Command;

use tryton_sandbox::Endpoint;

/// Reads a number of sales with their parties and lines, and prints five numbers about them.
pub const READ_SALES: &str = include_str!("read_sales.py");

/// Enters a sale to a customer, with lines given as `CODE=QUANTITY`, and prints its id and its total.
pub const ENTER_SALE: &str = include_str!("enter_sale.py");

/// Reads a number of sale lines, and prints three numbers about them.
pub const EXPORT_LINES: &str = include_str!("export_lines.py");

/// Creates products whose codes begin with a prefix, and prints their number.
pub const IMPORT_PRODUCTS: &str = include_str!("import_products.py");

/// Runs a program with a Python that has proteus, and returns its output.
///
/// # Errors
///
/// Fails if Python cannot be started or the program fails, with the program's message.
pub fn run(python: &Path, at: &Endpoint, program: &str, args: &[String]) -> io::Result<String> {
    let url = format!("{}/{}/rpc/", at.url, at.database);
    let mut command = Command::new(python);
    command.args(["-c", program, &url, &at.user]).args(args).env("TRYTON_PASSWORD", &at.password);
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("proteus failed: {}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
