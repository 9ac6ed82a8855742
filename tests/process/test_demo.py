"""`statusline demo`, run for real: a day without an account, and nothing left of it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from statusline.demo.scenes import SCENES
from statusline.surfaces import SURFACES
from tests.support import program
from tests.support.canary import token
from tests.support.patience import HANG_S
from tests.support.server import UsageServer

ESCAPE = re.compile(r"\033\[[0-9;?]*[A-Za-z]")
COLOR = re.compile(r"\033\[(?:[0-9;]*;)?[34][0-9](?:;[0-9;]*)?m")
#: The usual screen is back, and the cursor can be seen.
RESTORED = re.compile(r"\033\[\?25h[^h]*\033\[\?1049l|\033\[\?1049l[^l]*\033\[\?25h")
SEGMENT = "5h 61% 2h11m · 7d 22%"
CAPTIONS = [scene.caption for scene in SCENES]


class Home(NamedTuple):
    """A home that must stay as it is, and the directory for temporary files."""

    path: Path
    temporary: Path

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a terminal in this home."""
        temporary = str(self.temporary)
        return program.environment(self.path, TMPDIR=temporary, TERM="xterm-256color", **extra)

    def left(self) -> list[Path]:
        """Every file below the home and the temporary directory."""
        return [path for root in self for path in root.rglob("*")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home and an empty directory for temporary files."""
    made = Home(tmp_path / "home", tmp_path / "tmp")
    for path in made:
        path.mkdir()
    return made


def run(home: Home, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the demo without a terminal."""
    return subprocess.run(
        program.argv("demo", *words),
        env=home.environment(**extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=HANG_S,
        check=False,
    )


class Terminal:
    """The demo in a terminal of its own, 100 cells wide."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self._screen = screen
        self.seen = ""

    def read_until(self, pattern: str) -> str:
        """Return all that was printed, without escapes, once it matches ``pattern``."""
        end = time.monotonic() + HANG_S
        while not re.search(pattern, text := ESCAPE.sub("", self.seen)):
            assert time.monotonic() < end, text[-2000:]
            if not self._read():
                break
        assert re.search(pattern, text), text[-2000:]
        return text

    def end(self) -> int:
        """Return the exit status; reads on meanwhile, so that the demo can write."""
        end = time.monotonic() + HANG_S
        while self._read():
            assert time.monotonic() < end
        return self.process.wait(HANG_S)

    def _read(self) -> bool:
        if not select.select([self._screen], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self._screen, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def terminal(home: Home, *words: str, **extra: str) -> Iterator[Terminal]:
    """Start the demo in a terminal and end it whatever happens."""
    screen, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    with subprocess.Popen(
        program.argv("demo", *words),
        env=home.environment(**extra),
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    ) as process:
        os.close(end)
        try:
            yield Terminal(process, screen)
        finally:
            process.kill()
            os.close(screen)


def test_once_prints_every_surface_at_one_moment(home: Home) -> None:
    """One plain line for each surface, with both windows, no escapes, and nothing left."""
    done = run(home, "--once")
    assert (done.returncode, done.stderr) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    claude = f"Opus 5.5 · ctx 12% · {SEGMENT}"
    assert lines == {name: claude if name == "claude" else SEGMENT for name in SURFACES}
    assert home.left() == []


def test_a_pipe_gets_every_scene_as_plain_lines(home: Home) -> None:
    """A pipe saw a single moment of the day, and no word of what there was to see in it."""
    done = run(home)
    assert (done.returncode, done.stderr) == (0, "")
    blocks = [block.splitlines() for block in done.stdout.split("\n\n")]
    assert [head.split(maxsplit=1)[1] for head, *_lines in blocks] == CAPTIONS
    for _head, *lines in blocks:
        assert [line[:15].strip() for line in lines] == ["Claude Code", "zsh", "tmux"]
    assert all(line[15:] == SEGMENT for line in blocks[0][2:])
    assert all(sign == "\n" or sign.isprintable() for sign in done.stdout)
    assert home.left() == []


def test_the_callers_account_config_and_cache_are_not_read(home: Home) -> None:
    """A login, a configuration and a server of the caller's change nothing and stay unused."""
    config = home.path / "config.toml"
    config.write_text("api = false\n", "utf-8")
    plain = run(home, "--once").stdout
    with UsageServer() as server:
        done = run(
            home,
            "--once",
            CLAUDE_CODE_OAUTH_TOKEN=token("caller"),
            CLAUDE_CONFIG_DIR=str(home.path / "claude"),
            STATUSLINE_API_URL=server.url,
            STATUSLINE_CACHE_DIR=str(home.path / "cache"),
            STATUSLINE_CONFIG=str(config),
            XDG_CACHE_HOME=str(home.path / "xdg"),
            HTTP_PROXY=server.url,
            http_proxy=server.url,
        )
        assert (done.returncode, done.stdout) == (0, plain)
        assert server.connections == 0
    assert home.left() == [config]


def test_an_ascii_locale_gets_ascii(home: Home) -> None:
    """Where the locale is not UTF-8, no other character is printed."""
    done = run(home, "--once", LANG="C", LC_ALL="C")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "5h 61% 2h11m | 7d 22%" in done.stdout


def test_a_terminal_sees_the_hosts_and_what_there_is_to_see(home: Home) -> None:
    """Every scene has its caption, Claude Code's box, a prompt and tmux's bar; then it is gone."""
    with terminal(home, "--speed", "50") as screen:
        assert screen.end() == 0
        text = screen.read_until("statusline install --all")
    at = [text.index(caption) for caption in CAPTIONS]
    assert at == sorted(at)
    hosts = rf"(?s)── Claude Code ──.*  Opus 5.5 .* {SEGMENT}.*── zsh ──.*~/project % +{SEGMENT}"
    first = text[at[0] : at[1]]
    assert re.search(rf"{hosts}.*\[work\] 0:claude\* +11:49 \| {SEGMENT}", first)
    assert COLOR.search(screen.seen)
    assert RESTORED.search(screen.seen)
    assert home.left() == []


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_a_signal_ends_it_and_nothing_is_left(
    home: Home, number: signal.Signals, status: int
) -> None:
    """Ctrl+C, a kill or a closed terminal: no traceback, no process, no file."""
    with terminal(home, "--speed", "0.1") as screen:
        screen.read_until("11:49")
        assert home.left() != []
        screen.process.send_signal(number)
        assert screen.end() == status
    assert "Traceback" not in screen.seen
    assert RESTORED.search(screen.seen)
    assert home.left() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_who_presses_ctrl_c_again_does_not_stop_the_clean_up(
    home: Home, number: signal.Signals
) -> None:
    """A second Ctrl+C ended the clean-up of the first one: a made-up login was left in /tmp."""
    with terminal(home, "--speed", "0.1") as screen:
        screen.read_until("11:49")
        while screen.process.poll() is None:
            screen.process.send_signal(number)
            time.sleep(0.001)  # else they come as one
        screen.end()
    assert RESTORED.search(screen.seen)
    assert home.left() == []


@pytest.mark.parametrize("words", [("--once",), ("--speed", "50")], ids=["once", "played"])
def test_no_color_shows_no_colour(home: Home, words: tuple[str, ...]) -> None:
    """NO_COLOR is respected in the terminal too."""
    with terminal(home, *words, NO_COLOR="1") as screen:
        assert screen.end() == 0
    assert SEGMENT in ESCAPE.sub("", screen.seen)
    assert COLOR.search(screen.seen) is None


def test_the_picture_of_readme_is_the_one_that_the_program_makes(home: Home) -> None:
    """Wherever it is made; else a picture of an older program stands above the README for long."""
    made = home.temporary / "made.svg"
    done = run(home, "--svg", str(made), LANG="C", LC_ALL="C", NO_COLOR="1", COLUMNS="40")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    hero = Path(__file__).parents[2] / "docs" / "pictures" / "hero.svg"
    assert made.read_text("utf-8") == hero.read_text("utf-8")
    assert home.left() == [made]


def test_a_picture_that_cannot_be_written_is_one_sentence(home: Home) -> None:
    """No traceback, and no sandbox is left."""
    done = run(home, "--svg", str(home.temporary / "missing" / "x.svg"))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The file could not be written to ")
    assert home.left() == []
    assert run(home, "--svg", "x.svg", "--once").returncode == 2


def test_no_temporary_directory_is_one_sentence(home: Home) -> None:
    """Where nothing can be set up, one sentence says what is missing."""
    lines = (
        "import sys, tempfile",
        "sys.path.append(sys.argv[1])",
        "tempfile.tempdir = sys.argv[2]",
        "sys.argv[1:] = ['demo', '--once']",
        "from statusline.entry import main",
        "main()",
    )
    parent, missing = str(program.package().parent), str(home.temporary / "missing")
    done = subprocess.run(
        [sys.executable, "-I", "-c", "\n".join(lines), parent, missing],
        env=home.environment(),
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    sentence = "The demo needs a private temporary directory and a loopback port"
    assert done.stderr == f"Error: {sentence}: No such file or directory.\n"
