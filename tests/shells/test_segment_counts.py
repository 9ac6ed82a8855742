"""Whether a segment counts: five hooks in four dialects ask the same questions."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shells.prompts import HOSTS, SHELLS, Scene, Shell
from tests.shells.scenarios import FOREIGN, SCENARIOS, Scenario
from tests.support.capabilities import needs_root
from tests.support.patience import HANG_S
from tests.support.real_line import close_gate

HOOKS = {**SHELLS, **HOSTS}
#: Every question about a file, with the states of scenarios.py that only it tells apart.
QUESTIONS = {
    "-O directory": ["S14-wrong-owner-of-directory"],
    "-L directory": ["S13-linked-directory"],
    "-f segment": ["fifo"],
    "-O segment": ["wrong-owner"],
    "-L segment": ["S13-link"],
    "-f usage": ["no-usage-json"],
    "-f now": ["clock-is-fifo", "no-clock"],
    "-L now": ["clock-is-link"],
    "segment -nt now": ["stale", "just-expired"],
    "usage -nt now": ["G02-clock-set-back"],
    "login -nt usage": ["other-login"],
    "account -nt usage": ["other-account-inside", "other-account-in-own-directory"],
    "other -nt usage": ["other-account", "other-account-beside-named-directory"],
    "-e legacy": ["other-account-in-legacy-file"],
    "-e config": ["new-config"],
    "-e settings": ["removed-config"],
    "config -ef source": ["config-of-its-own", "config-of-a-new-generation"],
    "config -nt settings": ["edited-config"],
    "settings -nt config": ["older-config"],
}
#: Where fish cannot open a file it prints a warning, so it looks first.
ONLY_FISH = {"-r segment", "-w now"}
#: The variables that decide which files are meant, or whether a segment is made for this host.
DECIDING = {
    *("HOME", "CLAUDE_CONFIG_DIR", "CLAUDE_CODE_OAUTH_TOKEN", "STATUSLINE_CONFIG"),
    *("XDG_CONFIG_HOME", "NO_COLOR", "TERM", "LC_ALL", "LC_CTYPE", "LANG"),
}
#: A prompt asks for its directory, to which these lead; the line of a host names it.
ONLY_PROMPTS = {"STATUSLINE_CACHE_DIR", "XDG_CACHE_HOME"}

#: How hooks name files, as far as the last part does not tell it.
NAMES = {
    "_dir": "directory",
    "_file": "segment",
    "_dir/usage.json": "usage",
    "_dir/now": "now",
    "_dir/settings.json": "settings",
    "_dir/config": "source",
    "_claude/.credentials.json": "login",
    "_claude/.config.json": "legacy",
    "claude/.config.json": "legacy",
}
_FILE = r"\"?\$(\w+[\w./]*)\"?"
_QUESTION = re.compile(
    rf"(?<!command )(?<!type )(?<![\w-])(-[^aonz\W]) {_FILE}|{_FILE} (-nt|-ef) {_FILE}"
)


def questions(text: str) -> set[str]:
    """Every test of a file in a hook, whichever its dialect, without its sign."""
    # Where a program is looked for, no file is asked about.
    no_code = r"^\s*#.*$|\[\[? | \]\]?|\bcommand -v\b|\btype -P\b"
    code = re.sub(no_code, "", text, flags=re.MULTILINE)
    return {
        f"{test} {_name(file)}" if test else f"{_name(first)} {relation} {_name(second)}"
        for test, file, first, relation, second in _QUESTION.findall(code)
    }


def _name(file: str) -> str:
    short = file.replace("_statusline", "")
    return NAMES.get(short, short.removeprefix("_"))


@pytest.mark.parametrize("shell", HOOKS.values(), ids=HOOKS)
def test_every_hook_asks_the_same_questions(shell: Shell) -> None:
    """It would have caught a question that was added to four hooks out of five."""
    asked = questions(shell.hook.read_text())
    assert asked == set(QUESTIONS) | (ONLY_FISH if shell.name == "fish" else set())


@pytest.mark.parametrize("shell", HOOKS.values(), ids=HOOKS)
def test_every_hook_reads_the_same_variables(shell: Shell) -> None:
    """It would have caught a hook that believes a segment made for another configuration."""
    known = DECIDING | ONLY_PROMPTS
    read = set(re.findall(r"\$\{?([A-Z_]+)\b", shell.hook.read_text())) & known
    expected = known - (ONLY_PROMPTS if shell.name in HOSTS else set())
    # A colour that TERM does not know is tmux's own affair.
    assert read == expected - ({"TERM"} if shell.name == "tmux" else set())


def test_every_question_has_a_state_that_needs_it() -> None:
    """A question that no scenario is about could be lost without a test that fails."""
    states = {name for names in QUESTIONS.values() for name in names}
    assert states <= {*SCENARIOS, *FOREIGN}


def test_the_hosts_share_their_words() -> None:
    """It would have caught a change to one of the two files for /bin/sh."""

    def condition(shell: Shell) -> str:
        start, end = "# The segment counts", '<"$_file"; then\n'
        return shell.hook.read_text().partition(start)[2].partition(end)[0]

    tmux, starship = (condition(shell) for shell in HOSTS.values())
    assert tmux == starship != ""


def test_the_reader_of_questions_sees_them() -> None:
    """The check itself: four dialects, one list."""
    sh = 'if [ -O "$_dir" ] && ! [ "$_dir/usage.json" -nt "$_dir/now" ]; then # -f $_file'
    bash = "[[ -O $_statusline_dir &&\n! $_statusline_usage -nt $_statusline_now ]]"
    zsh = '[[ -O "$_statusline_dir" && ! "$_statusline_usage" -nt "$_statusline_now" ]]'
    fish = "builtin test -O $_statusline_dir; and builtin test $_statusline_usage \\\n-nt x"
    assert questions(sh) - {"-f segment"} == questions(bash) == questions(zsh)
    assert questions(fish) == {"-O directory"}


@pytest.fixture(params=HOSTS)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A home with a true segment for a host; its refreshers have ended when the test has."""
    made = Scene(tmp_path / "home", HOSTS[request.param])
    close_gate(made.directory)  # nothing here is about refreshing
    yield made
    assert made.profile.wait_until_quiet()


#: The host cuts a line that is too long, so a hook for it reads no width.
_ABOUT_WIDTH = {"no-width", "bad-width", "third-line", "H08-narrow"}
#: Control characters: starship shows them as text, a true segment of ours holds none.
_ONLY_TMUX, _ONLY_STARSHIP = {"binary"}, {"H07-dumb"}
STATES = [
    *(pytest.param(name, each, id=name) for name, each in SCENARIOS.items()),
    *(pytest.param(name, each, id=name, marks=needs_root) for name, each in FOREIGN.items()),
]


@pytest.mark.parametrize(("name", "state"), STATES)
def test_host_shows_the_segment_or_asks(scene: Scene, name: str, state: Scenario) -> None:
    """Tmux and starship believe what the shells believe, in every state that those are shown."""
    left_out = _ABOUT_WIDTH | (_ONLY_STARSHIP if scene.shell.name == "tmux" else _ONLY_TMUX)
    directory = scene.directory  # as installed: a token that comes later changes the profile
    state.arrange(scene)
    done = subprocess.run(
        [*scene.shell.strict, scene.shell.source],
        env={**scene.environment, "STATUSLINE_PROFILE": str(directory)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.returncode == 0
    assert bool(scene.asked) is (state.asks and name not in left_out)
    if (victim := scene.home / "victim").exists():
        assert victim.read_text() == "precious"
