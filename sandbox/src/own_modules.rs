//! Modules from folders: each trytond gets its own copy, which it finds like an installed module.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fingerprint::fingerprint;
use crate::sandbox::{Sandbox, SandboxError};
use crate::tree;

/// Copies the modules into a folder below `folder`, and returns it for Python's path.
pub(crate) fn install(sandbox: &Sandbox, folder: &Path) -> Result<PathBuf, SandboxError> {
    let place = folder.join("modules");
    tree::create(&place, None)?;
    for (name, module) in &sandbox.own {
        copy(module, &place.join(name))?;
        // Every series looks for modules among the entry points of installed packages.
        let info = place.join(format!("{name}-0.dist-info"));
        tree::create(&info, None)?;
        write(&info.join("METADATA"), &format!("Metadata-Version: 2.1\nName: {name}\nVersion: 0\n"))?;
        write(&info.join("entry_points.txt"), &format!("[trytond.modules]\n{name} = {name}\n"))?;
    }
    Ok(place)
}

/// Returns a fingerprint of the modules' contents.
pub(crate) fn mark(sandbox: &Sandbox) -> Result<Option<String>, SandboxError> {
    let mut texts = Vec::new();
    for (name, module) in &sandbox.own {
        texts.push(name.clone().into_bytes());
        read(module, &mut texts)?;
    }
    Ok((!texts.is_empty()).then(|| format!("{:016x}", fingerprint(&texts))))
}

fn read(folder: &Path, texts: &mut Vec<Vec<u8>>) -> Result<(), SandboxError> {
    for path in files(folder)? {
        texts.push(path.file_name().unwrap_or_default().as_encoded_bytes().to_owned());
        if path.is_dir() {
            read(&path, texts)?;
        } else {
            texts.push(fs::read(&path).map_err(SandboxError::io("read", &path))?);
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), SandboxError> {
    tree::create(to, None)?;
    for path in files(from)? {
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(SandboxError::io("write", &target))?;
        }
    }
    Ok(())
}

/// Returns the entries of a module's folder in a fixed order, without the files of Python's cache and version control.
fn files(folder: &Path) -> Result<Vec<PathBuf>, SandboxError> {
    let paths = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = paths.map_err(SandboxError::io("read", folder))?;
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.retain(|path| !name(path).starts_with('.') && name(path) != "__pycache__");
    paths.sort();
    Ok(paths)
}

fn write(path: &Path, text: &str) -> Result<(), SandboxError> {
    fs::write(path, text).map_err(SandboxError::io("write", path))
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    #[test]
    fn a_module_is_what_somebody_wrote_whether_or_not_it_is_text() {
        let root = env::temp_dir().join(format!("tryton-sandbox-module-{}", std::process::id()));
        let module = root.join("webshop");
        let write = |name: &str, content: &[u8]| {
            let path = module.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a fresh folder");
            fs::write(path, content).expect("a fresh file");
        };
        write("tryton.cfg", b"[tryton]\nversion=8.2.0\n");
        write("report/label.odt", b"PK\xff\xfe");
        let sandbox = Sandbox::default().module_at(&module);
        let marked = || mark(&sandbox).expect("it is read");
        let before = marked();
        write("__pycache__/shop.cpython-312.pyc", b"\x00");
        write(".git/HEAD", b"ref");
        assert_eq!(marked(), before);

        let place = install(&sandbox, &root).expect("a copy").join("webshop");
        assert_eq!(fs::read(place.join("report/label.odt")).expect("it is copied"), b"PK\xff\xfe");
        assert!(!place.join("__pycache__").exists() && !place.join(".git").exists());

        write("report/label.odt", b"PK\xfe\xff");
        assert_ne!(marked(), before);
        fs::remove_dir_all(&root).expect("our own folder");
    }
}
