//! What a test run needs of the machine, and getting what is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::child::Children;

/// Something that must be on the machine, and how it gets there.
pub(crate) struct Requirement {
    name: &'static str,
    present: fn() -> bool,
    source: Source,
}

enum Source {
    /// Packages of Debian and Ubuntu.
    Apt(&'static [&'static str]),
    /// A program of crates.io.
    CargoInstall(&'static str),
    /// A component of the Rust toolchain.
    Rustup(&'static str),
}

pub(crate) const RUSTFMT: Requirement = Requirement {
    name: "rustfmt",
    present: || runs("cargo", &["fmt", "--version"]),
    source: Source::Rustup("rustfmt"),
};
pub(crate) const CLIPPY: Requirement = Requirement {
    name: "clippy",
    present: || runs("cargo", &["clippy", "--version"]),
    source: Source::Rustup("clippy"),
};
pub(crate) const NEXTEST: Requirement = Requirement {
    name: "cargo-nextest",
    present: || runs("cargo", &["nextest", "--version"]),
    source: Source::CargoInstall("cargo-nextest"),
};
pub(crate) const POSTGRES: Requirement = Requirement {
    name: "the PostgreSQL server (initdb, postgres)",
    present: || postgres_programs().is_some(),
    source: Source::Apt(&["postgresql"]),
};
pub(crate) const FAKETIME: Requirement =
    Requirement { name: "libfaketime", present: || faketime().is_some(), source: Source::Apt(&["libfaketime"]) };
pub(crate) const XMLLINT: Requirement =
    Requirement { name: "xmllint", present: || in_path("xmllint"), source: Source::Apt(&["libxml2-utils"]) };
pub(crate) const PYTHON: Requirement = Requirement {
    name: "Python 3 with venv and pip",
    present: || runs("python3", &["-c", "import ensurepip, venv"]),
    source: Source::Apt(&["python3", "python3-venv", "python3-pip"]),
};
pub(crate) const NODE: Requirement =
    Requirement { name: "Node.js with npm", present: || in_path("npm"), source: Source::Apt(&["nodejs", "npm"]) };
pub(crate) const CHROMIUM: Requirement = Requirement {
    name: "Chromium",
    present: || in_path("chromium"),
    source: Source::Apt(&["chromium", "fonts-dejavu-core"]),
};

/// Installs what is missing where that is allowed, which is as root or with a sudo that asks nothing. Otherwise fails with
/// the list of what is missing and the commands that install it.
pub(crate) fn provide(children: &Children, needed: &[&Requirement]) -> Result<()> {
    let missing: Vec<_> = needed.iter().copied().filter(|requirement| !(requirement.present)()).collect();
    let packages: Vec<_> = missing.iter().flat_map(|requirement| requirement.source.packages()).copied().collect();
    let privilege = privilege();
    if !packages.is_empty() && (privilege.is_none() || !in_path("apt-get")) {
        bail!("{}", advice(&missing));
    }
    if let (false, Some(privilege)) = (packages.is_empty(), privilege) {
        apt_install(children, privilege, &packages)?;
    }
    for requirement in &missing {
        if let Some(mut command) = requirement.source.command() {
            println!("Installing {}", requirement.name);
            children.run(&mut command, &format!("{} could not be installed.", requirement.name), |_| false)?;
        }
    }
    let still: Vec<_> = missing.into_iter().filter(|requirement| !(requirement.present)()).collect();
    if !still.is_empty() {
        bail!("{}", advice(&still));
    }
    Ok(())
}

/// The folder with `initdb` and `postgres`: Debian keeps them outside the search path, one folder per major version.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path())
        .filter(|folder| folder.join("bin/initdb").is_file())
        .max_by_key(|folder| folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    newest.map(|folder| folder.join("bin")).or_else(|| find_in_path("initdb")?.parent().map(Path::to_path_buf))
}

/// libfaketime, which gives a program a clock of its own: Debian keeps it in the folder of the machine's architecture.
pub(crate) fn faketime() -> Option<PathBuf> {
    let architectures = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut libraries = architectures.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    libraries.find(|library| library.is_file())
}

pub(crate) fn is_root() -> bool {
    output_of("id", &["-u"]).is_some_and(|uid| uid == "0")
}

impl Source {
    fn packages(&self) -> &'static [&'static str] {
        match self {
            Self::Apt(packages) => packages,
            Self::CargoInstall(_) | Self::Rustup(_) => &[],
        }
    }

    /// The command that needs no privilege; none where apt has to do it.
    fn command(&self) -> Option<Command> {
        let mut command = match self {
            Self::Apt(_) => return None,
            Self::CargoInstall(_) => Command::new("cargo"),
            Self::Rustup(_) => Command::new("rustup"),
        };
        command.args(self.advice().split(' ').skip(1));
        Some(command)
    }

    fn advice(&self) -> String {
        match self {
            Self::Apt(packages) => format!("apt-get install {}", packages.join(" ")),
            Self::CargoInstall(name) => format!("cargo install --locked {name}"),
            Self::Rustup(component) => format!("rustup component add {component}"),
        }
    }
}

/// What to put before a command that only root may run; nothing when we are root, `None` when we may not.
fn privilege() -> Option<&'static [&'static str]> {
    if is_root() {
        return Some(&[]);
    }
    runs("sudo", &["-n", "true"]).then_some(&["sudo", "-n"])
}

fn apt_install(children: &Children, privilege: &[&str], packages: &[&str]) -> Result<()> {
    println!("Installing with apt: {}", packages.join(" "));
    let update = ["apt-get", "-qq", "update"];
    let install = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends"];
    for words in [&update[..], &[&install[..], packages].concat()] {
        // sudo drops the environment, so the setting travels as an argument of env.
        let words = [privilege, &["env", "DEBIAN_FRONTEND=noninteractive"], words].concat();
        let (program, arguments) = words.split_first().context("no command")?;
        children.run(Command::new(program).args(arguments), "apt-get failed.", |_| false)?;
    }
    Ok(())
}

fn advice(missing: &[&Requirement]) -> String {
    let mut lines = vec!["The tests need what this machine lacks, and it may not be installed from here:".to_owned()];
    lines.extend(missing.iter().map(|missing| format!("  {:<42} {}", missing.name, missing.source.advice())));
    lines.join("\n")
}

pub(crate) fn in_path(program: &str) -> bool {
    find_in_path(program).is_some()
}

fn find_in_path(program: &str) -> Option<PathBuf> {
    let found = output_of("sh", &["-c", &format!("command -v {program}")])?;
    fs::canonicalize(found).ok()
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    output_of(program, arguments).is_some()
}

fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
