"""Old or new, never anything between; private, and nothing left behind (docs/decisions.md 11)."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from statusline.system import atomic_write, profile_dir
from statusline.system.environ import Environment
from tests.support.capabilities import SECOND_UID, needs_root, needs_strace
from tests.support.figures import Note
from tests.support.patience import HANG_S
from tests.support.program import package

OLD, NEW = b"old contents\n", b"new contents, and longer\n"


def left_over(directory: Path) -> list[str]:
    """The names of the temp files in a directory."""
    return [path.name for path in directory.iterdir() if path.name.startswith(".tmp-")]


def mode_of(path: Path) -> int:
    """The permission bits of a file or directory."""
    return stat.S_IMODE(path.lstat().st_mode)


def profile_in(root: Path) -> Environment:
    """An environment whose cache is below `root`."""
    return Environment({"HOME": str(root), "STATUSLINE_CACHE_DIR": str(root / "cache")})


def a_program(*lines: str) -> list[str]:
    """A Python process with `atomic_write` imported and `path` set to its first argument."""
    start = [
        "import os, signal, sys",
        f"sys.path.insert(0, {str(package().parent)!r})",
        "from statusline.system import atomic_write",
        "path = sys.argv[1]",
    ]
    return [sys.executable, "-I", "-c", "\n".join([*start, *lines])]


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """This process's umask, for a while."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777], ids=lambda mask: f"B14-{mask:03o}")
def test_modes_are_private_whatever_the_umask(mask: int, tmp_path: Path) -> None:
    """B14, S15: directories 0700, files 0600."""
    with umask(mask):
        directory = Path(profile_dir.prepare(profile_in(tmp_path)))
        atomic_write.write(f"{directory}/usage.json", NEW)
    assert mode_of(directory) == 0o700
    assert mode_of(directory.parent) == 0o700
    assert mode_of(directory / "usage.json") == 0o600


def test_b15_an_open_directory_is_tightened(tmp_path: Path) -> None:
    """B15: 0777 becomes 0700, and so is what lies in it at the next write."""
    directory = Path(profile_dir.prepare(profile_in(tmp_path)))
    (directory / "usage.json").write_bytes(OLD)
    (directory / "usage.json").chmod(0o666)
    directory.chmod(0o777)
    profile_dir.prepare(profile_in(tmp_path))
    atomic_write.write(f"{directory}/usage.json", NEW)
    assert (mode_of(directory), mode_of(directory / "usage.json")) == (0o700, 0o600)


@pytest.mark.parametrize("kind", ["S13-symlink", "S13-dangling", "file", "fifo"])
def test_something_else_in_the_directorys_place_is_refused(kind: str, tmp_path: Path) -> None:
    """S13, S14: not followed, not written to, not replaced."""
    env = profile_in(tmp_path)
    place = Path(profile_dir.prepare(env))
    place.rmdir()
    elsewhere = tmp_path / "elsewhere"
    if kind == "S13-symlink":
        elsewhere.mkdir()
    if kind.startswith("S13"):
        place.symlink_to(elsewhere)
    elif kind == "file":
        place.write_bytes(OLD)
    else:
        os.mkfifo(place)
    before = place.lstat()
    with pytest.raises((profile_dir.NotPrivateError, OSError)) as caught:
        profile_dir.prepare(env)
    assert str(tmp_path) not in str(caught.value)
    assert place.lstat().st_ino == before.st_ino
    assert not elsewhere.exists() or not list(elsewhere.iterdir())


@needs_root
def test_s14_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    """S14: whoever owns it could replace what is in it."""
    env = profile_in(tmp_path)
    os.chown(profile_dir.prepare(env), SECOND_UID, SECOND_UID)
    with pytest.raises(profile_dir.NotPrivateError, match="another user"):
        profile_dir.prepare(env)


def test_b12_a_taken_temp_name_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B12: a hostile or left file of that name stays as it is, another name is found."""
    taken = tmp_path / ".tmp-taken"
    taken.symlink_to(tmp_path / "victim")
    names = iter(["taken", "taken", "free"])
    monkeypatch.setattr(
        "statusline.system.atomic_write.secrets.token_hex", lambda _size: next(names)
    )
    atomic_write.write(f"{tmp_path}/usage.json", NEW)
    assert (tmp_path / "usage.json").read_bytes() == NEW
    assert taken.is_symlink()
    assert not (tmp_path / "victim").exists()


def test_b12_the_search_for_a_free_name_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B12: bounded, and the old contents stay."""
    (tmp_path / ".tmp-taken").touch()
    (tmp_path / "usage.json").write_bytes(OLD)
    monkeypatch.setattr("statusline.system.atomic_write.secrets.token_hex", lambda _size: "taken")
    with pytest.raises(FileExistsError):
        atomic_write.write(f"{tmp_path}/usage.json", NEW)
    assert (tmp_path / "usage.json").read_bytes() == OLD


def test_b11_a_directory_in_the_files_place_is_an_error(tmp_path: Path) -> None:
    """B11: it stays, and no temp file is left."""
    (tmp_path / "usage.json").mkdir()
    with pytest.raises(OSError, match=r"usage\.json"):
        atomic_write.write(f"{tmp_path}/usage.json", NEW)
    assert left_over(tmp_path) == []


def test_b06_a_file_size_limit_keeps_the_old_contents(tmp_path: Path) -> None:
    """B06: a write that comes out short and then fails is not published."""
    (tmp_path / "usage.json").write_bytes(OLD)
    program = a_program(
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
        "try:",
        "    atomic_write.write(path, b'x' * 1000)",
        "except OSError as error:",
        "    sys.exit(error.errno)",
    )
    done = subprocess.run(
        [*program, str(tmp_path / "usage.json")],
        check=False,
        timeout=HANG_S,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)),
    )
    assert done.returncode == 27  # EFBIG
    assert (tmp_path / "usage.json").read_bytes() == OLD
    assert left_over(tmp_path) == []


FAULTS = [
    ("B17-EIO", "fsync:error=EIO:when=1"),
    ("B04-fsync-ENOSPC", "fsync:error=ENOSPC:when=1"),
    ("B01-rename-EROFS", "rename:error=EROFS:when=1"),
    ("B01-rename-EACCES", "rename:error=EACCES:when=1"),
    ("B01-fchmod-EIO", "fchmod:error=EIO:when=1"),
]


@needs_strace
@pytest.mark.parametrize("fault", [row[1] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_system_call_that_fails_keeps_the_old_contents(
    fault: str, tmp_path: Path, figure: Note
) -> None:
    """B01, B04, B17, M12: the error is raised, the old file stays, the temp file goes."""
    (tmp_path / "usage.json").write_bytes(OLD)
    name, _, rest = fault.partition(":")
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={name}"]
    program = a_program(
        "try:", f"    atomic_write.write(path, {NEW!r})", "except OSError:", "    sys.exit(7)"
    )
    done = subprocess.run(
        [*strace, "-e", f"inject={name}:{rest}", *program, str(tmp_path / "usage.json")],
        check=False,
        timeout=HANG_S,
    )
    assert done.returncode == 7
    assert (tmp_path / "usage.json").read_bytes() == OLD
    assert left_over(tmp_path) == []
    figure("M12", f"{name}: 0 torn")


def test_b13_the_sweep_takes_old_files_of_ours_only(tmp_path: Path) -> None:
    """B13: a file in use, another name, a link and a directory stay."""
    old_s = time.time() - 120
    for name in (".tmp-old", ".tmp-now", "tmp-old", ".tmp-future"):
        (tmp_path / name).touch()
    (tmp_path / ".tmp-link").symlink_to(tmp_path / "tmp-old")
    (tmp_path / ".tmp-directory").mkdir()
    for name in (".tmp-old", "tmp-old", ".tmp-directory"):
        os.utime(tmp_path / name, (old_s, old_s))
    os.utime(tmp_path / ".tmp-future", (old_s + 7200, old_s + 7200))
    os.utime(tmp_path / ".tmp-link", (old_s, old_s), follow_symlinks=False)
    assert atomic_write.sweep(str(tmp_path)) == 2
    stay = {".tmp-now", "tmp-old", ".tmp-link", ".tmp-directory"}
    assert {path.name for path in tmp_path.iterdir()} == stay


@needs_root
def test_b13_the_sweep_leaves_another_users_files(tmp_path: Path) -> None:
    """B13: they are not ours to remove."""
    (tmp_path / ".tmp-theirs").touch()
    os.chown(tmp_path / ".tmp-theirs", SECOND_UID, SECOND_UID)
    os.utime(tmp_path / ".tmp-theirs", (0, 0))
    assert atomic_write.sweep(str(tmp_path)) == 0


def test_b13_the_sweep_is_bounded(tmp_path: Path) -> None:
    """B13: of very many left-overs one run removes a part, and the next one goes on."""
    for index in range(atomic_write.SWEEP_MOST + 5):
        path = tmp_path / f".tmp-{index}"
        path.touch()
        os.utime(path, (0, 0))
    assert atomic_write.sweep(str(tmp_path)) == atomic_write.SWEEP_MOST
    assert atomic_write.sweep(str(tmp_path)) == 5


def read_while_writers_die(path: Path, reads: int) -> tuple[int, int]:
    """Read `path` again and again while its writer is killed; return (torn reads, kills).

    Each document holds its own length, so that a piece of one is not taken for a whole.
    """
    program = a_program(
        "number = 0",
        "while True:",
        "    number += 1",
        "    size = number % 7",
        "    atomic_write.write_json(path, {'filler': 'x' * (size * 4000), 'size': size})",
    )
    torn = kills = done = 0
    while done < reads:
        writer = subprocess.Popen([*program, str(path)])
        try:
            began = path.stat().st_mtime_ns if path.exists() else 0
            while not path.exists() or path.stat().st_mtime_ns == began:
                assert writer.poll() is None
            for _ in range(min(500, reads - done)):
                document = json.loads(path.read_bytes())
                torn += len(document["filler"]) != document["size"] * 4000
                done += 1
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait(HANG_S)
            kills += 1
    return torn, kills


def nothing_is_torn(directory: Path, reads: int, figure: Note) -> None:
    """Assert what B03 demands, and that later sweeps take what the killed writers left."""
    torn, kills = read_while_writers_die(directory / "usage.json", reads)
    figure("M02", f"{torn} of {reads:,}, {kills:,} kills")
    assert torn == 0
    assert kills >= reads // 500
    for name in left_over(directory):
        os.utime(directory / name, (0, 0))
    for _run in range(1 + kills // atomic_write.SWEEP_MOST):
        atomic_write.sweep(str(directory))
    assert left_over(directory) == []


def test_b03_ten_thousand_reads_beside_dying_writers_see_whole_documents(
    tmp_path: Path, figure: Note
) -> None:
    """B03, M02: 0 torn."""
    nothing_is_torn(tmp_path, 10_000, figure)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_b03_a_million_reads_beside_dying_writers_see_whole_documents(
    tmp_path: Path, figure: Note
) -> None:
    """B03, M02 at their full count."""
    nothing_is_torn(tmp_path, 1_000_000, figure)


def test_numbers_that_json_does_not_know_are_never_published(tmp_path: Path) -> None:
    """A NaN would make the document unreadable for others; the old one stays."""
    (tmp_path / "usage.json").write_bytes(OLD)
    with pytest.raises(ValueError, match="JSON"):
        atomic_write.write_json(f"{tmp_path}/usage.json", {"number": float("nan")})
    assert (tmp_path / "usage.json").read_bytes() == OLD


def test_a_modification_time_can_be_given(tmp_path: Path) -> None:
    """A segment's says until when it is true."""
    atomic_write.write(f"{tmp_path}/segment", NEW, mtime_ns=2_000_000_000 * 10**9)
    assert (tmp_path / "segment").stat().st_mtime == 2e9
