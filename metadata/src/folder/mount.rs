//! Mount points.

use std::fs;
use std::path::Path;

/// Whether something is mounted at this path, which contains no links: it cannot be renamed.
pub(super) fn is_mount_point(dir: &Path) -> bool {
    match fs::read_to_string("/proc/self/mountinfo") {
        // Only this list shows a folder of the same file system that is mounted a second time.
        Ok(mounts) => {
            mounts.lines().filter_map(|line| line.split(' ').nth(4)).any(|at| Path::new(&unescaped(at)) == dir)
        }
        Err(_) => is_on_another_device(dir),
    }
}

/// Decodes a path from the list of mounts, which has octal numbers for blanks, tabs, line ends and backslashes.
fn unescaped(path: &str) -> String {
    path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

#[cfg(unix)]
fn is_on_another_device(dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|data| data.dev()).ok();
    match (device(dir), dir.parent().and_then(device)) {
        (Some(own), Some(above)) => own != above,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_on_another_device(_dir: &Path) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::{is_mount_point, is_on_another_device, unescaped};

    #[test]
    fn a_file_system_begins_where_it_is_mounted() {
        for at in ["/proc", "/proc/self", "/proc/no such folder"].map(Path::new) {
            assert_eq!(is_mount_point(at), at == Path::new("/proc"), "{}", at.display());
            assert_eq!(is_on_another_device(at), at == Path::new("/proc"), "{}", at.display());
        }
        assert_eq!(unescaped("/my\\040disk\\134x"), "/my disk\\x");
    }
}
