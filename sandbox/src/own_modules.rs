//! Modules that no package holds: each trytond gets a copy of its own, in a form that it finds like an installed one.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::SandboxError;
use super::spec::{Spec, fingerprint};
use super::tree;

/// Copies the modules into a folder below `folder` that is to be on Python's path.
pub(crate) fn install(spec: &Spec, folder: &Path) -> Result<PathBuf, SandboxError> {
    let place = folder.join("modules");
    tree::create(&place, None)?;
    for (name, module) in &spec.own {
        tree::copy(module, &place.join(name), None)?;
        // Every series looks for modules among the entry points of what is installed.
        let info = place.join(format!("{name}-0.dist-info"));
        tree::create(&info, None)?;
        write(&info.join("METADATA"), &format!("Metadata-Version: 2.1\nName: {name}\nVersion: 0\n"))?;
        write(&info.join("entry_points.txt"), &format!("[trytond.modules]\n{name} = {name}\n"))?;
    }
    Ok(place)
}

/// A mark of all that is in the modules.
pub(crate) fn mark(spec: &Spec) -> Result<Option<String>, SandboxError> {
    let mut texts = Vec::new();
    for (name, module) in &spec.own {
        texts.push(name.clone());
        read(module, &mut texts)?;
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok((!texts.is_empty()).then(|| format!("{:016x}", fingerprint(&texts))))
}

fn read(folder: &Path, texts: &mut Vec<String>) -> Result<(), SandboxError> {
    let paths = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = paths.map_err(SandboxError::io("read", folder))?;
    paths.sort();
    for path in paths {
        texts.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        if path.is_dir() {
            read(&path, texts)?;
        } else {
            texts.push(fs::read_to_string(&path).map_err(SandboxError::io("read", &path))?);
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), SandboxError> {
    fs::write(path, text).map_err(SandboxError::io("write", path))
}
