"""What `statusline install` writes, read by the real programs: the segment appears, and goes."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from tests.support.canary import token
from tests.support.capabilities import needs_bash, needs_fish, needs_tmux, needs_zsh
from tests.support.house import House
from tests.support.odd_house import house
from tests.support.patience import HANG_S
from tests.support.real_line import NUMBERS, SAMPLE
from tests.support.screen import Screen
from tests.support.stdin import run_fed

__all__ = ["house"]  # pytest finds the fixture by its name here


def visible(house: House) -> dict[str, tuple[int, bytes]]:
    """Every file in the home but the cache and what a shell writes down by itself."""
    by_itself = (".cache/", ".local/share/fish/", ".config/fish/fish_variables", ".bash_history")
    return {
        name: seen
        for name, seen in house.tree().items()
        if (house.home / name).is_file() and not name.startswith(by_itself)
    }


SHELLS = [
    pytest.param("bash", ".bashrc", "PS1='mine> '\n", f"{NUMBERS} mine>", marks=needs_bash),
    pytest.param(
        *("zsh", ".zshrc", "PS1='mine> '; RPROMPT='right'\n", f"mine> .*{NUMBERS} right"),
        marks=needs_zsh,
    ),
    pytest.param(
        *("fish", ".config/fish/config.fish"),
        "function fish_greeting; end\nfunction fish_prompt; echo 'mine> '; end\n"
        "function fish_right_prompt; echo right; end\n",
        f"mine> .*{NUMBERS} right",
        marks=needs_fish,
    ),
]


@pytest.mark.parametrize(("shell", "file", "text", "pattern"), SHELLS)
def test_a_shell_shows_the_segment_beside_what_was_there(
    house: House, shell: str, file: str, text: str, pattern: str
) -> None:
    """The prompt of before stays whole; reading the file again shows nothing twice."""
    house.write(file, text)
    tree = visible(house)
    house.ok("install", shell, "--yes")
    source = ". ~/.config/fish/conf.d/statusline.fish" if shell == "fish" else f". ~/{file}"
    with Screen([shell, "-i"], house.environment, columns=120) as screen:
        screen.wait_for(pattern)
        screen.type(f"clear; {source}; {source}; echo don''e")
        screen.press("Enter")
        seen = screen.wait_for(f"(?s)done.*{pattern}")
        assert seen.count(NUMBERS) == 1
        for word in ("error", "not found", "Unknown"):
            assert word not in seen
    house.ok("uninstall", shell, "--yes")
    assert visible(house) == tree
    with Screen([shell, "-i"], house.environment, columns=120) as screen:
        assert NUMBERS not in screen.wait_for("mine>")


@pytest.mark.parametrize(
    ("shell", "script"),
    [
        pytest.param("bash", '. ~/.bashrc; echo "${STATUSLINE_BIN-none}"', marks=needs_bash),
        pytest.param("zsh", '. ~/.zshrc; echo "${STATUSLINE_BIN-none}"', marks=needs_zsh),
        pytest.param("fish", "set -q STATUSLINE_BIN; or echo none", marks=needs_fish),
    ],
)
def test_a_script_is_not_bothered(house: House, shell: str, script: str) -> None:
    """A shell that shows no prompt loads nothing and prints nothing."""
    house.ok("install", shell, "--yes")
    del house.environment["STATUSLINE_BIN"]
    done = subprocess.run(
        [shell, "-c", script], env=house.environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("none\n", "")


@pytest.mark.parametrize(("shell", "file", "text", "pattern"), SHELLS)
def test_a_shell_starts_in_silence_when_the_program_is_gone(
    house: House, shell: str, file: str, text: str, pattern: str
) -> None:
    """The lines guard themselves: without the hook and the launcher they do nothing."""
    path = house.write(file, text)
    house.ok("install", shell, "--yes")
    if shell == "fish":
        path = house.home / ".config/fish/conf.d/statusline.fish"
    path.write_text(path.read_text().replace("/hooks/", "/gone/"))
    with Screen([shell, "-i"], house.environment, columns=120) as screen:
        seen = screen.wait_for("mine>")
        assert NUMBERS not in seen
        assert "gone" not in seen
    assert pattern


@pytest.mark.parametrize(
    ("surface", "file"), [("tmux", ".tmux.conf"), ("starship", ".config/starship.toml")]
)
def test_a_token_of_this_shell_is_not_installed(house: House, surface: str, file: str) -> None:
    """The line stays when the token has gone: it names the profile of the stored login."""
    directory = Path(Environment(house.environment).profile_dir or "")
    house.environment["CLAUDE_CODE_OAUTH_TOKEN"] = token("other")
    house.ok("install", surface, "--yes")
    text = (house.home / file).read_text()
    assert directory.name in text
    assert f"{directory.name}-env" not in text


def test_starship_runs_what_was_installed(house: House) -> None:
    """The table is TOML, and its command, fed to the shell on stdin, prints the segment."""
    path = house.write(".config/starship.toml", 'format = "$all"\n[character]\nsuccess = "x"')
    house.ok("install", "starship", "--yes")
    config = tomllib.loads(path.read_text())
    assert config["character"] == {"success": "x"}
    table = config["custom"]["claude"]
    elsewhere = house.home / "elsewhere"
    for directory, word in ((None, NUMBERS), (str(elsewhere), "usage: ")):
        extra = {} if directory is None else {"CLAUDE_CONFIG_DIR": directory}
        done = run_fed(
            table["shell"],
            env={**house.environment, **extra},
            input=table["command"],
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=True,
        )
        assert word in without_colors(done.stdout)


def without_colors(text: str) -> str:
    """A text without its SGR sequences."""
    while "\x1b[" in text:
        before, _, rest = text.partition("\x1b[")
        text = before + rest.partition("m")[2]
    return text


@pytest.mark.parametrize("previous", [None, "cat >/dev/null; echo mine"])
def test_claude_code_runs_what_was_installed(house: House, previous: str | None) -> None:
    """The command in settings.json, run as Claude Code does, prints ours below the other's."""
    settings = {} if previous is None else {"statusLine": {"type": "command", "command": previous}}
    path = house.write(".claude/settings.json", json.dumps(settings))
    house.ok("install", "claude", "--yes")
    line = json.loads(path.read_text())["statusLine"]
    assert line["type"] == "command"
    done = run_fed(
        ["/bin/sh", "-c", line["command"]],
        env=house.environment,
        input=SAMPLE,
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    lines = without_colors(done.stdout.decode()).splitlines()
    assert lines[:-1] == ([] if previous is None else ["mine"])
    assert "7d 22%" in lines[-1]


@needs_zsh
@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("", "statusline status root_indicator background_jobs history time"),
        ("POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(status 'a b')\n", "statusline status a b"),
        ("POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS=(time statusline)\n", "time statusline"),
    ],
)
def test_powerlevel10k_gets_one_more_element(house: House, text: str, elements: str) -> None:
    """The element comes first, once however often the file is read; those of before stay."""
    house.write(".zshrc", text)
    house.ok("install", "p10k", "--yes")
    script = (
        "source ~/.zshrc; echo $POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS; whence -w prompt_statusline;"
        " p10k() { print -r -- ${(e)@[-1]} }; _statusline_prompt; prompt_statusline"
    )
    done = subprocess.run(
        ["zsh", "-o", "interactive", "-o", "nopromptcr", "+o", "zle", "-c", script],
        env=house.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    first, defined, shown = done.stdout.splitlines()
    assert first == elements
    assert defined == "prompt_statusline: function"
    assert NUMBERS in without_colors(shown).replace("%{", "").replace("%}", "").replace("%%", "%")


@needs_tmux
@pytest.mark.parametrize(("answer", "is_done"), [("n", False), ("y", True)])
def test_on_a_terminal_it_shows_the_change_and_asks(
    house: House, answer: str, *, is_done: bool
) -> None:
    """Nothing is written before somebody has said yes."""
    path = house.write(".bashrc", "# mine\n")
    script = '"$@"; echo "status $?"; exec sleep 3600'
    command = ["sh", "-c", script, "sh", *house.argv("install", "bash")]
    with Screen(command, house.environment, columns=200) as screen:
        screen.wait_for(
            r"\+# >>> statusline bash(?s:.*)\nFiles that change:\n"
            r"  ~/.bashrc  bash, in the next shell you open\nChange this"
        )
        assert path.read_text() == "# mine\n"
        screen.type(answer)
        screen.press("Enter")
        screen.wait_for(f"status {0 if is_done else 1}")
    assert ("statusline" in path.read_text()) == is_done
