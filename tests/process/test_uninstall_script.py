"""install.sh --uninstall: exactly what was installed goes, everything else stays."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.support.documents import TEXTS
from tests.support.house import HOOKS
from tests.support.install_script import MARK, ROOT, Installation, run_script, shared


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation into a fresh home."""
    return shared(tmp_path_factory)


@pytest.fixture
def copied(original: Installation, tmp_path: Path) -> Installation:
    """A copy of `original` that a test may take apart; its launcher starts the original's venv."""
    home = tmp_path / "home"
    shutil.copytree(original.home, home, symlinks=True)
    return original._replace(prefix=home / ".local", home=home)


def test_uninstall_removes_exactly_what_install_made(copied: Installation) -> None:
    """Foreign files, configuration and cache stay; a second uninstall finds nothing."""
    kept = [
        copied.prefix / "share" / "statusline" / "mine",
        copied.home / ".config" / "statusline" / "config.toml",
        copied.home / ".cache" / "statusline" / "mine",
    ]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    for word in ("Removed", "Nothing is installed"):
        done = run_script("--uninstall", home=copied.home)
        assert (done.returncode, done.stderr) == (0, "")
        assert word in done.stdout
    files = [path for path in copied.home.rglob("*") if not path.is_dir()]
    assert sorted(files) == sorted(kept)


def test_purge_leaves_an_empty_home(copied: Installation) -> None:
    """`--uninstall --purge` removes configuration and cache too, and the folders install made."""
    for name in (".config", ".cache"):
        (copied.home / name / "statusline").mkdir(parents=True)
    done = run_script("--uninstall", "--purge", home=copied.home)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in copied.home.rglob("*")) == [".cache", ".config"]


def test_a_man_page_of_somebody_else_stays(copied: Installation) -> None:
    """Another program is called `statusline` as well, and may have put its own there since."""
    page = copied.prefix / "share" / "man" / "man1" / "statusline.1"
    page.unlink()
    page.write_text("theirs")
    done = run_script("--uninstall", home=copied.home)
    assert (done.returncode, done.stderr) == (0, "")
    assert page.read_text() == "theirs"


@pytest.mark.parametrize("undo_status", [0, 1])
def test_surfaces_are_undone_before_anything_is_removed(
    copied: Installation, undo_status: int
) -> None:
    """`statusline uninstall --all --yes` runs first; if it fails, nothing is removed."""
    log = copied.home / "log"
    copied.launcher.write_text(
        f"#!/bin/sh\n{MARK}\n"
        f'case $* in *--help) echo "usage: --all" ;;\n'
        f'*) printf %s "$*" >{shlex.quote(str(log))}; exit {undo_status} ;; esac\n'
    )
    done = run_script("--uninstall", home=copied.home)
    assert done.returncode == undo_status
    assert log.read_text() == "uninstall --all --yes"
    assert copied.launcher.exists() == (undo_status == 1)


def test_purge_says_what_it_removed_without_a_program(tmp_path: Path) -> None:
    """It said "Nothing is installed", and the cache was gone without a word."""
    cache = tmp_path / ".cache" / "statusline"
    (cache / "0123456789abcdef").mkdir(parents=True)
    (cache / "0123456789abcdef" / "usage.json").write_text("{}")
    done = run_script("--uninstall", "--purge", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Removed:  {cache}\n" in done.stdout
    assert not cache.exists()


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"])
def test_purge_removes_nothing_of_the_working_directory(tmp_path: Path, variable: str) -> None:
    """It would have caught `rm -rf foo/statusline` where the user happened to stand."""
    work = tmp_path / "foo" / "statusline" / "0123456789abcdef"
    work.mkdir(parents=True)
    for name in ("config.toml", "chain-0123456789abcdef", "0123456789abcdef/usage.json"):
        (work.parent / name).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    done = run_script("--uninstall", "--purge", home=tmp_path, **{variable: "foo"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Nothing is installed under {tmp_path}/.local.\n"
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("home", ["", "relative"])
def test_a_home_that_is_no_absolute_path_is_refused(tmp_path: Path, home: str) -> None:
    """It would have caught an installation below the working directory."""
    done = run_script("--uninstall", "--purge", home=tmp_path, HOME=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert "HOME is not an absolute path" in done.stderr


def _documented() -> list[str]:
    """A name for each file of a profile in docs/architecture.md, On disk, and what goes with it."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("\n## On disk\n")[2]
    table = text.partition("`$XDG_DATA_HOME")[0]
    names = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    beside = [f"{name}{end}" for name in names if "sqlite3" in name for end in ("-wal", "-shm")]
    return [*names, *beside, "above.SESSION.lock", "history.sqlite3.broken-1"]


def test_purge_removes_by_name_what_the_program_wrote(tmp_path: Path) -> None:
    """It would have caught another program's directory of the same name going with ours.

    And, since it takes the names from docs/architecture.md, a history that stayed behind.
    """
    cache = tmp_path / ".cache" / "statusline"
    ours = [cache / "0123456789abcdef", cache / "0123456789abcdef-env-01234567"]
    for profile in ours:
        profile.mkdir(parents=True)
        for name in _documented():
            (profile / name).touch()
    hooks = tmp_path / ".local" / "share" / "statusline" / "hooks"
    hooks.mkdir(parents=True)
    copied = [path.name for path in HOOKS.iterdir() if path.is_file()]
    for name in (*copied, "version"):
        (hooks / name).touch()
    theirs = tmp_path / ".config" / "statusline" / "hooks" / "prompt.bash"
    elsewhere = tmp_path / "elsewhere" / "usage.json"
    for path in (theirs, elsewhere):
        path.parent.mkdir(parents=True)
        path.touch()
    (cache / "0000000000000000").symlink_to(elsewhere.parent)
    done = run_script("--uninstall", "--purge", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert not any(profile.exists() for profile in ours)
    assert theirs.exists()
    assert elsewhere.exists()
    assert not hooks.parent.exists()
    for directory in (theirs.parent.parent, cache):
        assert f"Kept, in use or with others' files:  {directory}\n" in done.stdout


def test_purge_removes_every_file_that_a_cache_can_hold(tmp_path: Path) -> None:
    """It left the history, the tokens, what was notified and Claude Code's lines behind."""
    profile = tmp_path / ".cache" / "statusline" / "0123456789abcdef"
    profile.mkdir(parents=True)
    section = TEXTS["architecture.md"].partition("## On disk")[2].partition("\n\n`~/")[0]
    table = section.partition("\n\nIn `$XDG_DATA_HOME")[0]
    documented = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    names = [re.sub("[A-Z]+|[*]$", "0", name) for name in documented]
    databases = [name for name in names if name.endswith(".sqlite3")]
    assert {"usage.json", "now", "line.claude-0", "history.sqlite3"} <= set(names)
    for end in ("-wal", "-shm", ".broken-1"):
        names += [f"{name}{end}" for name in databases]
    for name in (*names, "above.0.lock"):
        (profile / name).touch()
    run_script("--uninstall", "--purge", home=tmp_path)
    assert not profile.parent.exists(), sorted(path.name for path in profile.iterdir())


def test_purge_keeps_the_record_of_another_installation(tmp_path: Path) -> None:
    """It would have caught the only copy of the user's files going while they were still wired."""
    data = tmp_path / ".local" / "share" / "statusline"
    (data / "backups").mkdir(parents=True)
    kept = [data / "installed.json", data / "backups" / "0-x", data / "chain-0123456789abcdef"]
    for path in kept:
        path.touch()
    run_script("--uninstall", "--purge", home=tmp_path)
    assert all(path.exists() for path in kept)


def test_a_damaged_manifest_removes_nothing_else(copied: Installation) -> None:
    """It would have caught a manifest cut short: `tree ` was the whole prefix."""
    share = copied.prefix / "share" / "statusline"
    mine = copied.prefix / "bin" / "mine"
    mine.touch()
    with (share / "manifest").open("a") as file:
        file.write("tree \nfile bin/mine\ntree ../mine\nparents x\n")
    done = run_script("--uninstall", home=copied.home)
    assert (done.returncode, done.stderr) == (0, "")
    assert mine.exists()
