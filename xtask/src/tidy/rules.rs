use std::path::{Path, PathBuf};

const LINES_MAX: usize = 800;
const BYTES_MAX: usize = 1024 * 1024;

/// Files that people write and read; lock files, data and pictures have no length.
const WRITTEN: &[&str] = &["rs", "js", "mjs", "ts", "py", "sql", "html", "css", "sh"];

/// Names that say nothing about what a module is responsible for.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "types", "misc", "shared"];

/// Folders in which anyone's clone may lie, so that naming one betrays no machine.
const SHARED_FOLDERS: &[&str] =
    &["/", "/tmp", "/var/tmp", "/home", "/root", "/opt", "/srv", "/mnt", "/usr/local/src", "/usr/src"];

/// Words that must not be committed, by the files they concern. Written in two parts, so that this table keeps its own rules.
const BANNED: &[(&str, &str, &str)] = &[
    ("rs", concat!("todo", "!("), "what is not done is not committed as if it were"),
    ("rs", concat!("unimplemented", "!("), "what is not done is not committed as if it were"),
    ("rs", concat!("dbg", "!("), "left over from debugging"),
    ("rs", concat!("#[", "ignore"), "a test that does not run proves nothing"),
    ("rs", concat!("#[", "allow("), "#[expect] with a reason tells when it is no longer needed"),
    ("mjs", concat!("test.", "skip"), "a test that does not run proves nothing"),
    ("mjs", concat!("test.", "only"), "it silences every other test"),
    ("mjs", concat!("test.", "todo"), "a test that does not run proves nothing"),
    ("mjs", concat!("waitFor", "Timeout"), "a test waits for what it needs, not for time to pass"),
    ("mjs", concat!("set", "Timeout("), "a test waits for what it needs, not for time to pass"),
    ("py", concat!("time", ".sleep"), "a test waits for what it needs, not for time to pass"),
];

/// A committed file. The path is relative to the workspace's root.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

impl Source {
    pub(super) fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    pub(super) fn line_count(&self) -> usize {
        self.bytes.iter().filter(|byte| **byte == b'\n').count()
    }

    fn extension(&self) -> &str {
        self.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }
}

/// One sentence for each broken rule, naming file and line. `clone_parent` is the folder the clone lies in: an absolute
/// path below it names one machine.
pub(super) fn broken_rules(sources: &[Source], clone_parent: Option<&Path>) -> Vec<String> {
    let machine = clone_parent
        .filter(|parent| !SHARED_FOLDERS.iter().any(|shared| Path::new(shared) == *parent))
        .map(|parent| format!("{}/", parent.display()));
    sources.iter().flat_map(|source| broken_by(source, machine.as_deref())).collect()
}

fn broken_by(source: &Source, machine: Option<&str>) -> Vec<String> {
    let path = source.path.display();
    let mut broken = Vec::new();
    if source.bytes.len() > BYTES_MAX {
        broken.push(format!(
            "{path}: {} bytes; data of that size is fetched or generated, not committed",
            source.bytes.len()
        ));
    }
    if WRITTEN.contains(&source.extension()) && source.line_count() > LINES_MAX {
        broken.push(format!("{path}: {} lines, the limit is {LINES_MAX}", source.line_count()));
    }
    if source.is_rust() && module_name(&source.path).is_some_and(|name| EMPTY_NAMES.contains(&name)) {
        broken.push(format!("{path}: a module is named for what it is responsible for"));
    }
    let Ok(text) = std::str::from_utf8(&source.bytes) else {
        return broken;
    };
    let banned = BANNED.iter().filter(|(extension, ..)| *extension == source.extension());
    let words = banned.map(|(_, word, reason)| (*word, *reason));
    let words: Vec<_> = words.chain(machine.map(|folder| (folder, "a path of one machine"))).collect();
    for (index, line) in text.lines().enumerate() {
        let found = words.iter().filter(|(word, _)| line.contains(word));
        broken.extend(found.map(|(word, reason)| format!("{path}:{}: {word} ({reason})", index + 1)));
    }
    broken
}

/// What a Rust file's module is called: `mod.rs` is named by its folder.
fn module_name(path: &Path) -> Option<&str> {
    let stem = path.file_stem()?.to_str()?;
    if stem == "mod" { path.parent()?.file_name()?.to_str() } else { Some(stem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.into(), bytes: text.as_bytes().to_vec() };
        broken_rules(&[source], Some(Path::new("/elsewhere/clones")))
    }

    #[test]
    fn a_file_may_have_800_lines_and_no_more() {
        assert_eq!(check("a.rs", &"\n".repeat(800)), [""; 0]);
        assert_eq!(check("a.rs", &"\n".repeat(801)), ["a.rs: 801 lines, the limit is 800"]);
        assert_eq!(check("Cargo.lock", &"\n".repeat(9000)), [""; 0]);
    }

    #[test]
    fn a_megabyte_is_too_much_for_any_file() {
        assert_eq!(check("sales.csv", &"x".repeat(BYTES_MAX)), [""; 0]);
        assert_eq!(check("sales.csv", &"x".repeat(BYTES_MAX + 1)).len(), 1);
    }

    #[test]
    fn a_banned_word_is_found_with_its_line_and_only_in_its_kind_of_file() {
        let text = format!("fn f() {{\n    {}x);\n}}\n", concat!("dbg", "!("));
        assert_eq!(check("a.rs", &text), [format!("a.rs:2: {} (left over from debugging)", concat!("dbg", "!("))]);
        assert_eq!(check("a.md", &text), [""; 0]);
    }

    #[test]
    fn a_path_of_this_machine_is_found_in_every_kind_of_file() {
        assert_eq!(
            check("a.md", "see /elsewhere/clones/notes"),
            ["a.md:1: /elsewhere/clones/ (a path of one machine)"]
        );
        let source = Source { path: "a.md".into(), bytes: b"kept in /tmp/x".to_vec() };
        assert_eq!(broken_rules(&[source], Some(Path::new("/tmp"))), [""; 0], "a clone in /tmp");
    }

    #[test]
    fn a_module_has_a_name_that_says_something() {
        assert_eq!(check("crates/store/src/util.rs", "").len(), 1);
        assert_eq!(check("crates/store/tests/common/mod.rs", "").len(), 1);
        assert_eq!(check("crates/store/src/queue.rs", ""), [""; 0]);
    }
}
