"""`statusline install` and `uninstall` beside running tmux servers, oh-my-tmux and themes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from tests.support.canary import Scratch
from tests.support.capabilities import needs_tmux
from tests.support.house import House
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.real_line import fill

pytestmark = needs_tmux

OURS = "hooks/tmux.sh"
#: What makes oh-my-tmux what it is: its own lines, read as a shell script, run after the user's.
OH_MY_TMUX = """\
# : << 'EOF'
set-environment -g TMUX_CONF "$HOME/.tmux.conf"
run 'tmux source "$HOME/.tmux.conf.local"'
run 'cut -c3- "$HOME/.tmux.conf" | sh -s _apply_configuration'

# EOF
#
# _apply_configuration() {
#   tmux set -g status-right 'theme'
#   grep '^ *set.*#!important *$' "$HOME/.tmux.conf.local" >"$HOME/important"
#   tmux source-file "$HOME/important"
#   cut -c3- "$HOME/.tmux.conf.local" | sh -s probe >"$HOME/probe" 2>&1
# }
#
# "$@"
"""
LOCAL = """\
# : << 'EOF'
set -g history-limit 10000

# # do not remove the following line
# EOF
#
# probe() {
#   printf probed
# }
#
# "$@"
# # do not remove the previous line
"""


class Tmux:
    """A house, and its private tmux server on the usual socket."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.conf = house.home / ".tmux.conf"

    def start(self) -> None:
        """Start the server with the configuration as it is now, with one session."""
        Path(self.house.environment["TMUX_TMPDIR"]).mkdir(exist_ok=True)
        self("new-session", "-d", "-s", "one", "sleep", "3600")

    def __call__(self, *words: str) -> str:
        """Return what a command of tmux prints."""
        done = subprocess.run(
            ["tmux", "-u", *words],
            cwd=self.house.home,
            env=self.house.environment,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=True,
        )
        return done.stdout

    def right(self, *scope: str) -> str:
        """Return the status line on the right, global if no other scope is named."""
        return self("show", "-v", *(scope or ("-g",)), "status-right")


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    """A home with known numbers, below a path that is short enough for a socket."""
    with Scratch(prefix="t-") as base:
        house = House(Path(base, "h"), make_launcher(Path(base, "bin")))
        fill(Path(Environment(house.environment).profile_dir or ""))
        tmux = Tmux(house)
        yield tmux
        kill = ["tmux", "kill-server"]
        subprocess.run(kill, env=house.environment, capture_output=True, check=False)


def test_a_session_with_a_status_of_its_own_adds_nothing_twice(tmux: Tmux) -> None:
    """It would have caught one segment more at each `source-file` from such a session."""
    tmux.conf.write_text("set -g history-limit 9000\n")
    tmux.house.ok("install", "tmux", "--yes")
    tmux.start()
    tmux("set", "-t", "one", "status-right", "my own")
    tmux("set", "-t", "one", "status-right-length", "10")
    for _ in range(3):
        tmux("run-shell", "-t", "one", f"tmux source-file {tmux.conf}")
        tmux("source-file", str(tmux.conf))
    assert tmux.right().count(OURS) == 1
    assert tmux.right("-t", "one") == "my own\n"
    assert tmux("show", "-gv", "status-right-length") == "100\n"


def test_oh_my_tmux_keeps_working_and_shows_the_segment(tmux: Tmux) -> None:
    """It would have caught a syntax error in its script, and its theme in the segment's place."""
    tmux.conf.write_text(OH_MY_TMUX)
    local = tmux.house.home / ".tmux.conf.local"
    local.write_text(LOCAL)
    tmux.house.ok("install", "tmux", "--yes")
    assert tmux.conf.read_text() == OH_MY_TMUX
    tmux.start()
    for _ in range(3):
        assert tmux.right().startswith("theme | #(")
        assert tmux.right().count(OURS) == 1
        tmux("source-file", str(tmux.conf))
    assert (tmux.house.home / "probe").read_text() == "probed"
    tmux.house.ok("uninstall", "tmux", "--yes")
    assert local.read_text() == LOCAL
    tmux("source-file", str(tmux.conf))
    assert tmux.right() == "theme\n"


def test_lines_in_a_file_that_became_oh_my_tmux_move(tmux: Tmux) -> None:
    """It would have caught an earlier version's block that went on breaking its script."""
    tmux.house.ok("install", "tmux", "--yes")
    tmux.conf.write_text(OH_MY_TMUX + tmux.conf.read_text())
    local = tmux.house.home / ".tmux.conf.local"
    local.write_text(LOCAL)
    tmux.house.ok("install", "tmux", "--yes")
    assert tmux.conf.read_text() == OH_MY_TMUX
    assert local.read_text().count(OURS) == 2  # the test for it, and the line itself
    tmux.house.ok("uninstall", "tmux", "--yes")
    assert local.read_text() == LOCAL


def test_no_marker_line_means_anything_to_a_shell(tmux: Tmux) -> None:
    """It would have caught the parenthesis that ended another program's script."""
    tmux.house.ok("install", "tmux", "bash", "--yes")
    for path in (tmux.conf, tmux.house.home / ".bashrc"):
        markers = [line for line in path.read_text().splitlines() if line.startswith("#")]
        assert len(markers) == 2
        assert not set("()`'\"$&|;") & set("".join(markers))


def test_a_running_tmux_shows_the_segment_at_once_and_loses_it(tmux: Tmux) -> None:
    """It would have caught a server that ran a removed hook until it was restarted."""
    tmux.start()
    before = tmux.right()
    done = tmux.house.ok("install", "tmux", "--yes")
    assert "tmux: The running tmux shows it." in done.stdout
    assert tmux.right().count(OURS) == 1
    added = tmux.right().removeprefix(before.removesuffix("\n")).strip()
    tmux("set", "-t", "one", "status-right", f"mine #(date) {added} y")
    done = tmux.house.ok("uninstall", "tmux", "--yes")
    assert "tmux: The segment was taken out of the running tmux." in done.stdout
    assert tmux.right() == before
    assert tmux.right("-t", "one") == "mine #(date) y\n"


def test_an_older_line_in_a_running_tmux_becomes_the_new_one(tmux: Tmux) -> None:
    """It would have caught the old profile and launcher shown on, and called "ok" by `doctor`."""
    tmux.start()
    house = tmux.house
    house.ok("install", "tmux", "--yes")
    _before, start, rest = tmux.right().partition("#(unset")
    job = f"{start}{rest}".strip()
    tmux("set", "-g", "status-right", f"mine │ {job} #(date) | %H ;;\\;")
    house.environment |= {
        "CLAUDE_CONFIG_DIR": str(house.home / "other"),
        "STATUSLINE_BIN": str(make_launcher(house.home / "old")),
    }
    done = house.ok("install", "tmux", "--yes")
    assert "tmux: The running tmux shows it." in done.stdout
    new = tmux.right()
    assert new.count(OURS) == 1
    assert f"STATUSLINE_BIN={house.home}/old/" in new
    assert f"CLAUDE_CONFIG_DIR={house.home}/other" in new
    assert new.startswith("mine │ #(")
    assert new.endswith(") #(date) | %H ;;;\n")
    tmux("source-file", str(tmux.conf))
    assert tmux.right() == new


def test_doctor_notices_an_older_line_in_a_running_tmux(tmux: Tmux) -> None:
    """It would have caught "ok tmux" beside a profile that the file no longer names."""
    tmux.start()
    tmux.house.ok("install", "tmux", "--yes")
    before = tmux.right()
    tmux("set", "-g", "status-right", before.strip().replace("/h/", "/elsewhere/", 1))
    path = "~/.tmux.conf"
    said = " ".join(tmux.house.run("doctor").stdout.split())
    assert f"A running tmux shows another line of ours than the one in {path}." in said
    assert f"tmux set -gu status-right; tmux source-file {path}" in said
    tmux("set", "-gu", "status-right")
    tmux("source-file", str(tmux.conf))
    assert tmux.right() == before
    said = " ".join(tmux.house.run("doctor").stdout.split())
    assert "A running tmux" not in said


def test_a_running_tmux_loses_the_segment_though_the_record_stays(tmux: Tmux) -> None:
    """It would have caught a server that ran a line which its file no longer had."""
    tmux.start()
    before = tmux.right()
    tmux.house.ok("install", "tmux", "bash", "--yes")
    data = tmux.house.home / ".local/share/statusline"
    (data / ".installed.json.statusline-new").mkdir()
    done = tmux.house.run("uninstall", "tmux", "--yes")
    assert done.returncode == 1
    assert "installed.json cannot be written" in done.stderr
    assert "tmux: The segment was taken out of the running tmux." in done.stdout
    assert tmux.right() == before


def test_the_signs_of_a_status_line_stay_in_any_locale(tmux: Tmux) -> None:
    """It would have caught `_` in the place of each sign that the locale does not have."""
    tmux.start()
    tmux("set", "-g", "status-right", "mine │ é")
    tmux.house.environment["LC_ALL"] = "C"
    tmux.house.ok("install", "tmux", "--yes")
    tmux.house.ok("uninstall", "tmux", "--yes")
    assert tmux.right() == "mine │ é\n"


def test_a_server_with_a_name_of_its_own_loses_the_segment(tmux: Tmux) -> None:
    """It would have caught "statusline cannot start" in a server that uninstall did not look at.

    A stranger's server beside it stays as it is; a socket of no server, and what is none, do not
    matter.
    """
    tmux.start()
    named = Path(tmux("display-message", "-p", "#{socket_path}").strip()).with_name("own")
    for name in ("own", "other", "gone"):
        tmux("-L", name, "-f", "/dev/null", "new-session", "-d", "-s", "it", "sleep", "3600")
    try:
        tmux("-L", "gone", "kill-server")
        named.with_name("file").touch()
        before = tmux("-L", "own", "show", "-gv", "status-right")
        tmux.house.environment["TMUX"] = f"{named},1,0"
        assert "The running tmux shows it." in tmux.house.ok("install", "tmux", "--yes").stdout
        del tmux.house.environment["TMUX"]
        assert OURS in tmux("-L", "own", "show", "-gv", "status-right")
        job = "mine #(/elsewhere/hooks/tmux.sh) #(date)"
        tmux("-L", "other", "set", "-g", "status-right", job)
        done = tmux.house.ok("uninstall", "--all", "--yes")
        assert "tmux: The segment was taken out of the running tmux." in done.stdout
        assert tmux("-L", "own", "show", "-gv", "status-right") == before
        assert tmux("-L", "other", "show", "-gv", "status-right") == f"{job}\n"
    finally:
        for name in ("own", "other"):
            tmux("-L", name, "kill-server")


def test_doctor_notices_a_theme_that_came_later(tmux: Tmux) -> None:
    """It would have caught "all well" where a plugin had replaced the whole status line."""
    theme = "until [ -e ~/go ]; do sleep 0.02; done; tmux set -g status-right theme"
    tmux.conf.write_text(f"run -b '{theme}'\n")
    done = tmux.house.ok("install", "tmux", "--yes")
    assert "A plugin may set status-right after these lines" in done.stdout
    tmux.start()
    assert tmux.right().count(OURS) == 1
    (tmux.house.home / "go").touch()
    while tmux.right() != "theme\n":
        time.sleep(0.02)
    said = "A running tmux does not show the segment, though it is in ~/.tmux.conf."
    assert said in " ".join(tmux.house.run("doctor").stdout.split())
    tmux.house.ok("uninstall", "tmux", "--yes")
    tmux.house.ok("install", "tmux", "--yes")
    assert said not in " ".join(tmux.house.run("doctor").stdout.split())


def test_open_shells_are_named(tmux: Tmux) -> None:
    """It would have caught a segment that nobody had expected after the uninstall."""
    tmux.house.ok("install", "bash", "--yes")
    done = tmux.house.ok("uninstall", "--all", "--yes")
    assert "bash: Open shells show the segment until you close them." in done.stdout
