"""Runs the visit by zeep in a virtual environment of its own, or by .NET's classes where `mono` is said.

Usage: run.py BINARY FOLDER [mono]. FOLDER keeps the environment from one run to the next; it is made anew when
requirements.txt or Python changes.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def main() -> int:
    binary, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    visit = "mono_visit.py" if sys.argv[3:] == ["mono"] else "zeep_visit.py"
    python = environment(folder)
    # -B: compiled modules beside the sources would be files of the clone.
    return subprocess.run([python, "-B", HERE / visit, binary], check=False).returncode


def environment(folder: Path) -> Path:
    """The environment's Python, with exactly the packages of requirements.txt."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    home, stamp = folder / "environment", folder / "environment.sha256"
    python = home / "bin" / "python"
    if stamp.is_file() and stamp.read_text() == wanted and python.exists():
        return python
    print("Installing zeep", flush=True)
    venv.create(home, clear=True, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*install, "--requirement", REQUIREMENTS], check=True)
    stamp.write_text(wanted)
    return python


if __name__ == "__main__":
    sys.exit(main())
