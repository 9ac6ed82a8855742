"""The hooks that `statusline init` prints, in the shells that ask the program at each prompt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.capabilities import needs_tmux
from tests.support.launcher import make_launcher
from tests.support.profile import Profile, quiet_profile
from tests.support.real_line import NUMBERS
from tests.support.screen import Screen

pytestmark = [pytest.mark.full, needs_tmux]
needs_elvish = pytest.mark.skipif(shutil.which("elvish") is None, reason="needs elvish")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A home with numbers whose PATH has the program."""
    made = quiet_profile(tmp_path, with_numbers=True)
    path = f"{make_launcher(tmp_path / 'bin').parent}:{made.environment['PATH']}"
    made.environment |= {"PATH": path, "TERM": "xterm-256color"}
    return made


def hook(profile: Profile, shell: str) -> str:
    """What `statusline init` prints."""
    done = profile.run("init", shell)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nushell_shows_the_segment_at_the_right(profile: Profile, nushell: Path) -> None:
    """Before what was there, once however often it is read, without a change of the exit code."""
    config = profile.home / ".config" / "nushell"
    (config / "autoload").mkdir(parents=True)
    (config / "autoload" / "statusline.nu").write_text(hook(profile, "nu"))
    (config / "config.nu").write_text(
        "$env.config.show_banner = false\n$env.PROMPT_COMMAND = {|| 'at' }\n"
        "$env.PROMPT_COMMAND_RIGHT = {|| 'mine' }\n"
    )
    with Screen([str(nushell)], profile.environment, directory=profile.home) as screen:
        screen.wait_for(rf"^at> +{NUMBERS} mine$")
        assert "\x1b[38;5;28m61%" in screen.colored()
        screen.type("source .config/nushell/autoload/statusline.nu; ^false")
        screen.press("Enter")
        screen.wait_for(r"^at> .*\n+at> ")
        screen.type("print $'code ($env.LAST_EXIT_CODE)'; $env.STATUSLINE_BIN = '/nowhere/it'")
        screen.press("Enter")
        screen.wait_for("^code 1$")
        shown = screen.wait_for(r"^at> +mine$")
    assert "rror" not in shown
    assert f"{NUMBERS} {NUMBERS}" not in shown


@needs_elvish
def test_elvish_shows_the_segment_at_the_right(profile: Profile) -> None:
    """What it prints came behind the user's own value, since the two have no fixed order."""
    config = profile.home / ".config" / "elvish"
    config.mkdir(parents=True)
    (config / "rc.elv").write_text(
        "set edit:prompt = { put 'at> ' }\nset edit:rprompt = { put mine }\n"
        "eval (statusline init elvish | slurp)\n"
    )
    with Screen(["elvish"], profile.environment, directory=profile.home) as screen:
        screen.wait_for(rf"^at> +{NUMBERS} mine$")
        assert "\x1b[38;5;28m61%" in screen.colored()
        screen.type("set-env STATUSLINE_BIN /nowhere/it")
        screen.press("Enter")
        shown = screen.wait_for(r"^at> +mine$")
    assert "xception" not in shown
