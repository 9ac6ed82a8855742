"""The installed ``show`` and ``refresh`` on a terminal, in a pipe, and against a bad server."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.support.profile import Profile
from tests.support.program import argv, package
from tests.support.server import Answer, UsageServer, usage_answer
from tests.support.tty import Tty

SCHEMA = json.loads((package() / "schema/show.schema.json").read_text("utf-8"))
HTML = Answer(403, b"<html>no</html>", headers=[("Content-Type", "text/html")])
REFUSALS = {
    "401": (Answer(401), "Run `claude`"),
    "403-scope": (Answer(403, b'{"error":{"message":"scope user:profile"}}'), "setup-token"),
    "429": (
        Answer(429, headers=[("Retry-After", "300")]),
        r"The next one is allowed in [56]m, at \d\d:\d\d\.",
    ),
    "cloudflare": (HTML, "Check VPN, proxy or captive portal."),
    "5xx": (Answer(502), "it is asked again later"),
}


def looked_at(profile: Profile, *words: str, columns: int = 80, **variables: str) -> Tty:
    """Run ``statusline WORDS`` on a terminal to its end."""
    with Tty(argv(*words), {**profile.environment, **variables}, columns=columns) as terminal:
        terminal.wait_for_end()
    return terminal


@pytest.fixture
def filled(profile: Profile) -> Profile:
    """A profile whose cache has just been filled."""
    assert profile.run("refresh").returncode == 0
    return profile


def test_refresh_first_shows_the_new_numbers(profile: Profile, server: UsageServer) -> None:
    """--refresh waits for one request and shows what it brought."""
    done = profile.run("show", "--refresh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "61%" in done.stdout
    assert server.count == 1


def test_refresh_first_twice_makes_one_request(filled: Profile, server: UsageServer) -> None:
    """The second says why it did not ask, and shows what is known."""
    done = filled.run("show", "--refresh")
    assert done.returncode == 0
    assert "No request was made" in done.stderr
    assert "61%" in done.stdout
    assert server.count == 1


def test_all_commands_name_one_moment_for_the_next_request(
    filled: Profile, server: UsageServer
) -> None:
    """At one moment it was "allowed now", "in 4m (--force: now)" and "in 4 minutes"."""
    filled.let_pass(600)
    server.script = [usage_answer(), Answer(403)]
    filled.run("refresh")
    filled.let_pass(61)
    said = [filled.run(*words).stdout for words in (("show", "-v"), ("doctor",))]
    said.append(filled.run("refresh").stderr)
    told = re.compile(r"in [^.(\n]+, at (\d\d):(\d\d) \(--force: now\)")
    found = [told.search(text) for text in said]
    moments = {60 * int(each[1]) + int(each[2]) for each in found if each is not None}
    assert all(found), said
    assert len(moments) <= 2  # the minute may end between two of them


@pytest.mark.parametrize("case", REFUSALS)
@pytest.mark.parametrize("words", [("refresh",), ("show", "--refresh")], ids=["refresh", "show"])
def test_an_error_is_said_with_what_to_do(
    case: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    """On stderr, with exit code 1; show goes on to print state and fix."""
    answer, advice = REFUSALS[case]
    with UsageServer([answer]) as server:
        done = Profile(tmp_path, server.url).run(*words)
    assert done.returncode == 1
    assert re.search(advice, done.stderr)
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) is (words[0] == "show")


def test_numbers_outlive_an_error(tmp_path: Path) -> None:
    """A failed refresh says so and still shows the last good numbers."""
    with UsageServer([usage_answer(), Answer(500)]) as server:
        profile = Profile(tmp_path, server.url)
        assert profile.run("refresh").returncode == 0
        profile.let_pass(400)
        done = profile.run("show", "--refresh")
    assert done.returncode == 1
    assert "61%" in done.stdout
    assert "6 minutes ago" in done.stdout
    assert "failed (5xx)" in done.stdout


def test_refresh_as_json(profile: Profile) -> None:
    """One document on stdout, nothing on stderr, the exit code the same."""
    done = profile.run("refresh", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (document["result"], document["state"], document["is_well"]) == ("asked", "ok", True)
    assert 0 < document["next_allowed_in_s"] <= 60


def test_json_from_the_installed_program_is_valid(filled: Profile) -> None:
    """What a script reads is what the schema in the package promises."""
    document = json.loads(filled.run("show", "--json").stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert [each["used_pct"] for each in document["windows"]] == [61, 22]


@pytest.mark.parametrize("columns", [40, 80])
def test_a_terminal_gets_a_picture_that_fits(filled: Profile, columns: int) -> None:
    """Bars in colour, no line wider than the terminal."""
    terminal = looked_at(filled, "show", columns=columns)
    text = terminal.text()
    assert "█" in text
    assert b"\x1b[38;5;28m" in terminal.raw
    assert max(map(len, text.splitlines())) <= columns
    assert max(map(len, text.splitlines())) > columns // 2


def test_a_pipe_gets_plain_lines(filled: Profile) -> None:
    """No escape sequence, no bar."""
    done = filled.run("show")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "█" not in done.stdout
    assert done.stdout.startswith("5h ")


@pytest.mark.parametrize(
    ("words", "term"),
    [(("show", "--plain"), "xterm"), (("show",), "dumb")],
    ids=["plain", "dumb"],
)
def test_plain_lines_on_a_terminal(filled: Profile, words: tuple[str, ...], term: str) -> None:
    """On request, and where the terminal can do no better."""
    terminal = looked_at(filled, *words, TERM=term)
    assert b"\x1b" not in terminal.raw
    assert terminal.text().startswith("5h ")


def test_no_color_keeps_the_bars(filled: Profile) -> None:
    """NO_COLOR takes the colours and nothing else."""
    terminal = looked_at(filled, "show", NO_COLOR="1")
    assert "█" in terminal.text()
    assert b"\x1b[3" not in terminal.raw


def test_color_of_the_whole_command_is_obeyed(filled: Profile) -> None:
    """`always` draws and colours in a pipe, `never` prints no sequence on a terminal."""
    piped = filled.run("--color", "always", "show").stdout
    assert "\x1b[32m█" in piped
    terminal = looked_at(filled, "--color", "never", "show")
    assert "█" in terminal.text()
    assert b"\x1b" not in terminal.raw


def test_a_latin1_terminal_gets_ascii(filled: Profile) -> None:
    """Where the locale has no blocks, bars are made of # and -."""
    terminal = looked_at(filled, "show", LC_ALL="en_US.ISO-8859-1")
    assert terminal.raw.isascii()
    assert "###" in terminal.text()


def test_a_person_sees_that_something_is_awaited(profile: Profile) -> None:
    """A line on the terminal while the API is asked; nothing of it in a pipe."""
    piped = profile.run("refresh", "--force")
    assert "Asking" not in piped.stdout + piped.stderr
    profile.let_pass(400)
    text = looked_at(profile, "refresh").text()
    assert "Asking the usage API" in text
    assert "The usage API answered." in text
