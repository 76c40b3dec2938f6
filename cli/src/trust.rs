//! Whether somebody else may have written a file.

use std::path::Path;

/// Returns the reason to doubt that `file` is the user's own: "… may write to …".
#[cfg(unix)]
pub(crate) fn doubt(file: &Path) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let me = rustix::process::geteuid().as_raw();
    [file, folder].into_iter().find_map(|path| {
        let data = std::fs::metadata(path).ok()?;
        let who = unix::other(&data, me)?;
        // A folder given as `..` would say little.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Some(format!("{who} may write to {}", path.display()))
    })
}

/// Other systems do not show this in the mode.
#[cfg(not(unix))]
pub(crate) fn doubt(_file: &Path) -> Option<String> {
    None
}

#[cfg(unix)]
mod unix {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;

    /// Returns another user than `me` and root who may write.
    pub(super) fn other(data: &Metadata, me: u32) -> Option<String> {
        by_mode(data.mode(), (data.uid(), data.gid()), me)
    }

    pub(super) fn by_mode(mode: u32, (owner, group): (u32, u32), me: u32) -> Option<String> {
        if owner != me && owner != 0 {
            return Some(format!("the user {owner}"));
        }
        if mode & 0o002 != 0 {
            return Some("everybody".to_owned());
        }
        // Many systems give each user a group with the same number, whose only member is that user.
        (mode & 0o020 != 0 && group != owner).then(|| format!("the group {group}"))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::unix::by_mode;

    #[test]
    fn the_user_and_root_are_nobody_else() {
        for (mode, owner, expected) in [
            (0o755, (7, 7), None),
            (0o775, (7, 7), None),
            (0o775, (7, 100), Some("the group 100")),
            (0o755, (7, 100), None),
            (0o757, (7, 7), Some("everybody")),
            (0o1777, (0, 0), Some("everybody")),
            (0o755, (0, 0), None),
            (0o700, (8, 8), Some("the user 8")),
        ] {
            assert_eq!(by_mode(mode, owner, 7).as_deref(), expected, "{mode:o} {owner:?}");
        }
    }
}
