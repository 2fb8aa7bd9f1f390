//! File systems that a test may break: mounts that only this process and its children see, and that go when these end.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::machine;

/// An ext4 file system in a file, from which the power can be cut.
pub(crate) struct Disk {
    image: PathBuf,
    mounted: Mounted,
}

/// Takes the power from a disk.
pub(crate) struct PowerSwitch {
    perl: Child,
    /// A line to it turns the switch.
    hand: ChildStdin,
}

/// A file system in memory that is soon full.
pub(crate) struct SmallDisk {
    mounted: Mounted,
}

struct Mounted {
    // Unmounted before it is deleted.
    folder: TempDir,
}

/// Set in the process that has mounts of its own.
const ALONE: &str = "--alone";
const BALLAST: &str = "ballast";
const IMAGE_BYTES: u64 = 512 << 20;

/// Why no such file system can be had here; none where it can.
pub(crate) fn obstacle(programs: &[&str]) -> Option<String> {
    if !machine::is_root() {
        return Some("only root can mount a file system".to_owned());
    }
    if let Some(missing) = programs.iter().find(|program| !machine::in_path(program)) {
        return Some(format!("there is no {missing} on this machine"));
    }
    run("unshare", &["--mount", "true"]).err().map(|error| format!("{error:#}"))
}

/// Goes on as a process of its own with the same arguments, whose mounts nobody else sees; returns there, and nowhere else.
pub(crate) fn be_alone(is_alone: bool) -> Result<()> {
    if is_alone {
        return Ok(());
    }
    let program = std::env::current_exe().context("this program has no path")?;
    let error = Command::new("unshare")
        .args(["--mount", "--propagation", "private"])
        .arg(program)
        .args(std::env::args_os().skip(1))
        .arg(ALONE)
        .exec();
    Err(error).context("unshare did not start")
}

impl Disk {
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bookferry-disk-").tempdir()?;
        let image = folder.path().join("image");
        File::create(&image)?.set_len(IMAGE_BYTES)?;
        run("mkfs.ext4", &["-q", "-F", text(&image)?])?;
        fs::create_dir(folder.path().join("mnt"))?;
        let disk = Self { image, mounted: Mounted { folder } };
        disk.mount()?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub(crate) fn path(&self) -> PathBuf {
        self.mounted.path()
    }

    /// Writes everything down that is on its way.
    pub(crate) fn sync(&self) -> Result<()> {
        run("sync", &["--file-system", text(&self.path())?])
    }

    /// Mounts it anew, as after a restart of the machine. Nobody may be at work on it.
    pub(crate) fn power_on(&self) -> Result<()> {
        run("umount", &[text(&self.path())?])?;
        self.mount()
    }

    fn mount(&self) -> Result<()> {
        run("mount", &["-o", "loop", text(&self.image)?, text(&self.path())?])
    }
}

impl PowerSwitch {
    /// One at hand, so that the power goes within microseconds once it is turned.
    pub(crate) fn of(disk: &Path) -> Result<Self> {
        const CUT: &str = "$| = 1; \
                           open(my $disk, '<', $ARGV[0]) or die $!; \
                           my $without_log_flush = pack('L', 2); \
                           print \"at hand\\n\"; defined(<STDIN>) or exit 1; \
                           ioctl($disk, 0x8004587d, $without_log_flush) or die $!;";
        let mut perl = Command::new("perl")
            .args(["-e", CUT, text(disk)?])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("perl did not start")?;
        let hand = perl.stdin.take().context("perl does not listen")?;
        let mut said = String::new();
        BufReader::new(perl.stdout.take().context("perl does not speak")?).read_line(&mut said)?;
        ensure!(said == "at hand\n", "perl cannot open {}", disk.display());
        Ok(Self { perl, hand })
    }

    /// From now on nothing reaches the disk, and what was on its way is lost (EXT4_IOC_SHUTDOWN without a flush of the log).
    pub(crate) fn off(mut self) -> Result<()> {
        self.hand.write_all(b"\n")?;
        let end = self.perl.wait()?;
        ensure!(end.success(), "the power did not go: {end}");
        Ok(())
    }
}

impl SmallDisk {
    pub(crate) fn new(megabytes: u32) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("bookferry-small-disk-").tempdir()?;
        fs::create_dir(folder.path().join("mnt"))?;
        let disk = Self { mounted: Mounted { folder } };
        run("mount", &["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs", text(&disk.path())?])?;
        Ok(disk)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.mounted.path()
    }

    /// Somebody else writes until there is no room left.
    pub(crate) fn fill(&self) -> Result<()> {
        let mut file = File::options().create(true).append(true).open(self.path().join(BALLAST))?;
        // Down to the last byte that anybody could have.
        for piece in [64 << 10, 1 << 10, 1] {
            let piece = vec![0; piece];
            while std::io::Write::write_all(&mut file, &piece).is_ok() {}
        }
        Ok(())
    }

    /// Somebody else makes room.
    pub(crate) fn make_room(&self) -> Result<()> {
        fs::remove_file(self.path().join(BALLAST)).context("there was nothing to make room with")
    }
}

impl Mounted {
    fn path(&self) -> PathBuf {
        self.folder.path().join("mnt")
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // It may have failed to be mounted; what is mounted still goes with this process.
        Command::new("umount").arg("--lazy").arg(self.path()).status().ok();
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let output = Command::new(program).args(arguments).output().with_context(|| format!("{program} did not start"))?;
    if !output.status.success() {
        bail!("{program} {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn text(path: &Path) -> Result<&str> {
    let text = path.to_str();
    ensure!(text.is_some(), "{} is not UTF-8", path.display());
    Ok(text.unwrap_or_default())
}
