"""The command line as a whole: words, suggestions, exit codes, colours, errors nobody expected."""

from __future__ import annotations

import errno
import importlib
import os
import re
from collections.abc import Callable
from typing import NoReturn

import click
import pytest
from click.testing import CliRunner, Result

from statusline import __version__
from statusline.cli import failure, main
from statusline.cli.verbs import VERBS
from statusline.manual import topics
from statusline.surfaces import SURFACES
from tests.support.canary import token

TOKEN = token("debug-Zz9_-x")
ENV_TOKEN = "test-of-another-shape"


def run(*words: str, env: dict[str, str] | None = None) -> Result:
    """Run the command line in this process."""
    return CliRunner(env=env).invoke(main.cli, list(words), prog_name="statusline")


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let the verb "demo" do something else."""

    def replace(action: Callable[[], object]) -> None:
        module = importlib.import_module("statusline.cli.demo")
        monkeypatch.setattr(module, "command", click.Command("demo", callback=action))

    return replace


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_help(name: str) -> None:
    """Each verb of the table exists, carries its name and explains itself."""
    done = run(name, "--help")
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: statusline {name}")


def test_help_lists_every_verb_and_surface() -> None:
    """`statusline -h` is the place where everything can be found."""
    done = run("-h")
    assert done.exit_code == 0
    lists = done.output.partition("Look:")[2].partition("Options:")[0]
    listed = re.findall(r"^  ([a-z-]+)  ", lists, re.MULTILINE)
    topics_at = len(listed) - len(topics.NAMES)
    assert listed[:topics_at] == [*VERBS]
    assert listed[topics_at:] == [*topics.NAMES]
    assert all(surface in done.output for surface in SURFACES)


def test_the_version_is_that_of_the_package() -> None:
    """`--version` names the program and its version."""
    done = run("--version")
    assert (done.exit_code, done.output) == (0, f"statusline, version {__version__}\n")


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [("sohw", "show"), ("refersh", "refresh"), ("Show", "show"), ("tmxu", "tmux")],
)
def test_a_mistyped_word_gets_a_suggestion(mistyped: str, meant: str) -> None:
    """Exit code 2, and the command or surface that was probably meant."""
    done = run(mistyped)
    assert (done.exit_code, done.stdout) == (2, "")
    hint = re.search(r"Did you mean (.*)\?", done.stderr)
    assert hint is not None
    assert meant in hint[1].split(" or ")


def test_a_word_like_no_other_gets_no_suggestion() -> None:
    """Exit code 2 and where the help is; nothing is guessed."""
    done = run("xyzzy")
    assert done.exit_code == 2
    assert "There is no command 'xyzzy'.\n" in done.stderr
    assert "'statusline --help'" in done.stderr


def test_a_hostile_word_is_printed_harmless() -> None:
    """What a terminal would obey comes back escaped."""
    done = run("\x1b]0;owned\x07")
    assert done.exit_code == 2
    assert all(char.isprintable() or char == "\n" for char in done.stderr)


def test_a_mistyped_option_gets_a_suggestion() -> None:
    """Exit code 2, with the option that is near."""
    done = run("show", "--jsno")
    assert done.exit_code == 2
    assert "--json" in done.stderr


@pytest.mark.parametrize("surface", sorted(SURFACES))
@pytest.mark.parametrize(
    "words", [("{}", "more"), ("{}", "--json"), ("--color", "never", "{}")], ids=" ".join
)
def test_a_surface_with_other_words_is_wrong_usage(surface: str, words: tuple[str, ...]) -> None:
    """A render takes one word; with others it says so, instead of printing a segment."""
    done = run(*(word.format(surface) for word in words))
    assert (done.exit_code, done.stdout) == (2, "")
    assert surface in done.stderr


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_a_surface_has_help(surface: str) -> None:
    """`statusline tmux -h` explains the word."""
    done = run(surface, "-h")
    assert done.exit_code == 0
    assert f"the segment for {surface}" in done.output


@pytest.mark.parametrize(
    ("words", "env", "color"),
    [
        ((), {}, None),
        (("--color", "auto"), {}, None),
        (("--color", "always"), {}, True),
        (("--color", "never"), {}, False),
        ((), {"NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
    ],
    ids=str,
)
def test_one_option_decides_about_colours(
    verb: Callable[[Callable[[], object]], None],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    env: dict[str, str],
    color: bool | None,
) -> None:
    """--color holds for every verb, and wins over NO_COLOR, which holds without it."""
    seen: list[bool | None] = []
    verb(lambda: seen.append(click.get_current_context().color))
    from statusline.system import environ

    monkeypatch.setattr(environ, "current", lambda: environ.Environment(env))
    assert run(*words, "demo").exit_code == 0
    assert seen == [color]


def fail_with(error: BaseException) -> Callable[[], NoReturn]:
    """A verb that ends in this exception."""

    def act() -> NoReturn:
        secret = TOKEN  # a local variable, which no report may show
        assert secret
        raise error

    return act


def test_an_unexpected_error_is_one_sentence(
    verb: Callable[[Callable[[], object]], None],
) -> None:
    """Exit code 1 and what to do; neither a traceback nor what the exception said."""
    verb(fail_with(ValueError(f"the body was {TOKEN}")))
    done = run("demo")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: Something unexpected went wrong (ValueError). `statusline --debug demo` shows "
        "where; `statusline doctor` checks the rest.\n"
    )


def test_an_error_of_the_system_is_named_without_its_path(
    verb: Callable[[Callable[[], object]], None],
) -> None:
    """Of an OSError the reason is told, since it often is the answer."""
    verb(fail_with(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/where")))
    done = run("demo")
    assert done.exit_code == 1
    assert "(OSError: No space left on device)" in done.stderr
    assert "/some/where" not in done.stderr


def test_debug_shows_a_traceback_without_the_token(
    verb: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """--debug tells where; no variable is shown, tokens and control characters are replaced."""
    from statusline.system import environ

    made = environ.Environment({"CLAUDE_CODE_OAUTH_TOKEN": ENV_TOKEN})
    monkeypatch.setattr(environ, "current", lambda: made)
    verb(fail_with(ValueError(f"\x1b[31m{TOKEN} and {ENV_TOKEN}")))
    done = run("--debug", "demo")
    assert done.exit_code == 1
    assert "Traceback" in done.stderr
    assert "ValueError: ?[31m[token] and [token]\n" in done.stderr
    assert TOKEN not in done.stderr
    assert ENV_TOKEN not in done.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.EPIPE, "Broken pipe")])
def test_leaving_is_quiet(
    verb: Callable[[Callable[[], object]], None], error: BaseException
) -> None:
    """Ctrl+C gives 130, a reader that has gone 1; nothing is printed about either."""
    verb(fail_with(error))
    done = run("demo")
    assert done.exit_code == (failure.INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1)
    assert done.output == ""


def test_ctrl_c_at_a_question_is_ctrl_c(verb: Callable[[Callable[[], object]], None]) -> None:
    """What click raises where Ctrl+C leaves a question gives 130 too."""
    aborted = click.Abort()
    aborted.__context__ = KeyboardInterrupt()
    verb(fail_with(aborted))
    assert run("demo").exit_code == failure.INTERRUPTED


def test_a_problem_with_a_sentence_stays_as_it_is(
    verb: Callable[[Callable[[], object]], None],
) -> None:
    """What a verb says on purpose is not replaced."""
    verb(fail_with(click.ClickException("Do this.")))
    done = run("demo")
    assert (done.exit_code, done.stderr) == (1, "Error: Do this.\n")


def test_a_broken_verb_does_not_make_help_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help needs no verb; one that cannot be imported ends in the same one sentence."""
    monkeypatch.setitem(VERBS, "broken", "Do nothing.")
    assert run("-h").exit_code == 0
    for words in (("broken",), ("help", "broken"), ("help", "--man")):
        done = run(*words)
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: Python cannot load `statusline.cli.broken`")
