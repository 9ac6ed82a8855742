"""SECURITY.md: each claim's command is run as it stands there, and says what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.canary import MARK
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile

ROOT = Path(__file__).parents[2]
_PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
_BLOCKS = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)
#: Of each claim its heading, what to type, and what that prints.
CLAIMS = [
    (part.partition("\n")[0], commands, prints)
    for part in _PAGE.split("\n## ")
    for commands, prints in _BLOCKS.findall(part)
]

#: A view of processes of its own: other tests have refreshers, too.
ALONE = ("unshare", "--pid", "--fork", "--mount-proc")


def said(commands: str, profile: Profile, tmp_path: Path) -> str:
    """What the commands of a claim print, typed in a checkout by the owner of the profile."""
    launcher = make_launcher(tmp_path / "bin")
    path = f"{launcher.parent}:{profile.environment['PATH']}"
    alone = ALONE if "pgrep" in commands else ()
    done = subprocess.run(
        [*alone, "bash", "-c", commands],
        env={**profile.environment, "PATH": path, "TMPDIR": str(tmp_path)},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def owner(profile: Profile) -> Profile:
    """Somebody who has used all of it: a cache, a configuration, installed hooks, a shell."""
    profile.write_claude_json("one")
    profile.configure("width = 60\n")
    (profile.home / ".bashrc").write_text("# mine\n")
    assert profile.run("refresh").returncode == 0
    (profile.home / ".tmux.conf").write_text("# mine\n")
    assert profile.run("install", "bash", "tmux", "claude", "--yes").returncode == 0
    return profile


@pytest.mark.parametrize(("claim", "commands", "prints"), CLAIMS, ids=[c[0] for c in CLAIMS])
def test_a_claim_is_what_its_command_shows(
    claim: str, commands: str, prints: str, owner: Profile, tmp_path: Path
) -> None:
    """A page of promises that nobody checks is advertisement."""
    for tool in {"strace", "pgrep", "unshare"} & {*re.findall(r"\w+", commands + " unshare")}:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing")
    if "pgrep" in commands and subprocess.run([*ALONE, "true"], check=False).returncode:
        pytest.skip("a view of processes of its own wants root, and mounts")
    assert said(commands, owner, tmp_path) == prints, claim


def test_the_claims_are_found() -> None:
    """The check itself: no claim is left out for how it is written."""
    how_to_report = 1
    assert len(CLAIMS) == _PAGE.count("```sh\n") == _PAGE.count("\n## ") - how_to_report


@pytest.mark.control
def test_a_token_in_the_cache_would_be_seen(owner: Profile, tmp_path: Path) -> None:
    """Negative control: a search that never finds anything would prove any claim."""
    (owner.directory / "leak").write_text(f"{(owner.home / '.claude.json').read_text()} {MARK}")
    login = (owner.home / ".claude" / ".credentials.json").read_text()
    (owner.directory / "token").write_text(login)
    # What it finds is not printed: that would be the leak that all tests are searched for.
    found = {
        claim: said(f"{{\n{typed}}} | cut -d: -f1", owner, tmp_path)
        for claim, typed, _ in CLAIMS
        if "grep -rsFf" in typed
    }
    for name in ("leak", "token"):
        (owner.directory / name).unlink()
    assert len(found) == 2
    assert all("/.cache/statusline/" in each for each in found.values())
