"""The tmux hook in a real tmux: a private server, and clients whose screens are read."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shells.prompts import steady
from tests.shells.scenarios import PAYLOADS
from tests.support.capabilities import needs_tmux
from tests.support.house import HOOKS
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.real_line import NOBODY, NUMBERS, fill
from tests.support.server import UsageServer
from tests.support.tmux_server import TAIL, Server, line, row

pytestmark = needs_tmux

#: What is not a style of ours: tmux would expand the name in it, or miss the end.
STYLES = ["#[fg=#h]", "#[fg=#H]", "#[fg=#(touch pwned)]", "#[fg=red", "#[fg=##d75f5f]", "#[fg=#]"]
TMUX_PAYLOADS = {
    **PAYLOADS,
    "S04-unclosed-style": "#[fg=red",
    "S04-range": "#[range=user|x]#[align=left]",
    "S04-option": "#{E:@own}",
    "S04-short": "#H#S",
    "S04-lone": "5#",
    "S04-doubled": "###(touch {})",
    "S04-conditional": "},#{?1,a,b}",
}


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    """A home with a cache that needs no refresh; its processes have ended when the test has."""
    made = Profile(tmp_path / "home", NOBODY)
    fill(made.directory, steady())
    yield made
    assert made.wait_until_quiet()


def bare(profile: Profile) -> dict[str, str]:
    """The environment of a tmux server that was started without much."""
    return {"HOME": str(profile.home)}


def test_status_line_shows_the_segment_in_colour(profile: Profile, tmp_path: Path) -> None:
    """The row holds our line and what follows it, in the colours of the severity."""
    fill(profile.directory, steady(used_pct=95.0))
    job = line(profile, make_launcher(tmp_path / "bin"))
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"5h 95% .*7d 22% \{TAIL}")
        colored = screen.colored()
    assert "\x1b[" in colored.partition("5h ")[2].partition("95%")[0]


def test_true_segment_is_shown_without_the_program(profile: Profile, tmp_path: Path) -> None:
    """While the segment is true the launcher is not started, so that it may even be missing."""
    assert profile.run("tmux").returncode == 0
    until_s = time.time() + 3600
    os.utime(profile.directory / "segment.tmux", (until_s, until_s))
    job = line(profile, tmp_path / "gone")
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"{NUMBERS} \{TAIL}")


@pytest.mark.parametrize(
    "config",
    [
        re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "config.md").read_text(), re.DOTALL)[0],
        'format.tmux = "#1 {five_hour} #[[x]] #"\n[style]\ncritical = "#d75f5f on #000000"\n',
    ],
    ids=["first-example", "hash-signs"],
)
def test_colours_and_hash_signs_need_no_program(
    profile: Profile, tmp_path: Path, config: str
) -> None:
    """A pattern that refuses every `#` but `#[` and `##` starts Python at each redraw."""
    profile.configure(config)
    fill(profile.directory, steady(used_pct=95.0))
    printed = profile.run("tmux").stdout
    assert "#" in printed.replace("#[", "")
    until_s = time.time() + 3600
    os.utime(profile.directory / "segment.tmux", (until_s, until_s))
    job = line(profile, tmp_path / "gone")
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"95%.* \{TAIL}")
        shown, colored = row(screen), screen.colored()
    assert "\x1b[" in colored.partition("95%")[0]
    if "#1" in config:
        assert "#1 5h 95%" in shown
        assert f"#[x] # {TAIL}" in shown


def test_missing_program_leaves_the_rest_alone(profile: Profile, tmp_path: Path) -> None:
    """Without segment and program the row shows what else is in status-right."""
    job = line(profile, tmp_path / "gone")
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"^ *[^5]* \{TAIL}")
        assert "5h" not in row(screen)


@pytest.mark.parametrize("case", TMUX_PAYLOADS)
def test_hostile_cache_is_inert(profile: Profile, tmp_path: Path, case: str) -> None:
    """S04: whatever a value holds, nothing runs or expands and the rest of the row survives."""
    fill(profile.directory, steady(TMUX_PAYLOADS[case].replace("{}", "pwned")))
    job = line(profile, make_launcher(tmp_path / "bin"))
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"61%.* 7d 22% \{TAIL}")
        shown = row(screen)
        colored = screen.colored()
    assert shown.rstrip().endswith(f"7d 22% {TAIL}")
    assert os.uname().nodename not in shown
    assert "\x1b[31m" not in colored
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    "text", ["#(touch pwned)", "#{E:@own}", "#H", "x#", "###H", *STYLES, "\x1b[31mred"]
)
def test_hostile_segment_file_is_not_printed(profile: Profile, tmp_path: Path, text: str) -> None:
    """A poisoned segment file that tmux would expand is passed over for the program's line."""
    segment = profile.directory / "segment.tmux"
    segment.write_text(f"9h {text}\n20\n")
    until_s = time.time() + 3600
    os.utime(segment, (until_s, until_s))
    job = line(profile, make_launcher(tmp_path / "bin"))
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"{NUMBERS} \{TAIL}")
    assert not list(tmp_path.rglob("pwned"))


def test_installed_line_brings_its_own_environment(tmp_path: Path) -> None:
    """Without PATH and CLAUDE_CONFIG_DIR in the server, the same profile is found and kept."""
    claude = tmp_path / "claude config"
    profile = Profile(tmp_path / "home", NOBODY, CLAUDE_CONFIG_DIR=str(claude))
    fill(profile.directory, steady())
    job = line(profile, make_launcher(tmp_path / "bin"))
    with Server(bare(profile), job, profile.home) as server, server.client() as screen:
        screen.wait_for(rf"{NUMBERS} \{TAIL}")
    assert (profile.directory / "segment.tmux").exists()
    assert [path.name for path in profile.directory.parent.iterdir()] == [profile.directory.name]


def test_odd_paths_are_quoted(tmp_path: Path) -> None:
    """S27: a home with spaces, quotes, dollar, percent and hash signs is found as well."""
    home = tmp_path / 'it\'s "a" $HOME `x` 100% #{pane_pid} #H %H dir'
    profile = Profile(home, NOBODY)
    fill(profile.directory, steady())
    hook = home / "hooks" / "tmux.sh"
    hook.parent.mkdir()
    shutil.copy(HOOKS / "tmux.sh", hook)
    job = line(profile, make_launcher(home / "bin"), hook)
    with Server({"HOME": str(home)}, job, home) as server, server.client() as screen:
        screen.wait_for(rf"{NUMBERS} \{TAIL}")


def test_four_clients_make_one_request(tmp_path: Path) -> None:
    """I07: four clients at one second start the line again and again, and cost one request."""
    with contextlib.ExitStack() as stack:
        usage = stack.enter_context(UsageServer())
        profile = Profile(tmp_path / "home", usage.url)
        job = line(profile, make_launcher(tmp_path / "bin"))
        server = stack.enter_context(Server(bare(profile), job, profile.home))
        screens = [stack.enter_context(server.client()) for _ in range(4)]
        for screen in screens:
            screen.wait_for(rf"5h 61% .*\{TAIL}")
        clock = profile.directory / "now"
        moments: set[int] = set()
        end_s = time.monotonic() + HANG_S
        while len(moments) < 8:
            assert time.monotonic() < end_s
            with contextlib.suppress(FileNotFoundError):
                moments.add(clock.stat().st_mtime_ns)
            time.sleep(0.02)
    assert usage.count == 1
    assert profile.wait_until_quiet()
