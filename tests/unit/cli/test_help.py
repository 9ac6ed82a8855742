"""The help of every command and topic: nothing cut off, nothing broken, examples that work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result

from statusline.cli.command import Command, Group
from statusline.cli.init import FILES
from statusline.cli.main import cli
from statusline.cli.verbs import ALIASES, VERBS
from statusline.manual import terminal, topics
from statusline.manual.blocks import Code, Rows
from statusline.refresh import api
from statusline.settings.keys import KEYS
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.surfaces import SURFACES
from statusline.usage.messages import STATES, UNKNOWN_THERE
from statusline.wiring.hosts import WORDS
from statusline.wiring.installation import DEAD, GONE
from tests.repository.test_readme import parse
from tests.support.documents import TEXTS as TEXTS_OF
from tests.support.patience import HANG_S

WIDTHS = (60, 80, 100)


def run(*words: str, width: int = 80) -> Result:
    """Run the command line in this process, on a terminal of this width."""
    env = {"COLUMNS": str(width)}
    return CliRunner(env=env).invoke(cli, list(words), prog_name="statusline")


def tree(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of every command, those that help does not list among them."""
    yield words
    if isinstance(command, Group):
        context = click.Context(command)
        names = {*command.list_commands(context), *command.words(context)}
        for name in sorted(names - set(ALIASES)):
            below = command.get_command(context, name)
            assert below is not None
            yield from tree(below, (*words, name))


EVERY = list(tree(cli, ()))


def found(words: tuple[str, ...]) -> Command | Group:
    """The command of these words."""
    command: click.Command = cli
    for word in words:
        assert isinstance(command, Group)
        below = command.get_command(click.Context(command), word)
        assert below is not None
        command = below
    assert isinstance(command, Command | Group)
    return command


def texts() -> Iterator[tuple[str, dict[int, str]]]:
    """Every help and every topic, at each width."""
    for words in EVERY:
        shown = {width: run(*words, "--help", width=width).output for width in WIDTHS}
        yield " ".join(words) or "statusline", shown
    for name in topics.NAMES:
        yield f"help {name}", {width: run("help", name, width=width).output for width in WIDTHS}


TEXTS = dict(texts())


@pytest.mark.parametrize("name", TEXTS)
def test_no_help_is_cut_off_or_broken(name: str) -> None:
    """`config --help` ended in "exit 1 if there...", and `init --help` tore rprompt in two."""
    shown = TEXTS[name]
    words = {width: text.split() for width, text in shown.items()}
    assert words[60] == words[80] == words[100] != []
    for text in shown.values():
        assert not re.search(r"(?<=[a-z])(\.\.\.|…)(?!\S)", text), name
        assert not re.search(r"`statusline[^`\n]*\n", text), name


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_of_a_help_is_wider_than_its_terminal(name: str, width: int) -> None:
    """The list of surfaces was one word of 70 cells; lines to be copied stay as they are."""
    topic = name.removeprefix("help ")
    blocks = topics.text(topic) if topic in topics.NAMES else []
    copied = {line for block in blocks if isinstance(block, Code) for line in block.lines}
    for line in TEXTS[name][width].splitlines():
        assert len(line) <= min(width, terminal.WIDEST) or line.strip() in copied, line


@pytest.mark.parametrize("words", [each for each in EVERY if each], ids=" ".join)
def test_what_takes_a_value_has_an_example(words: tuple[str, ...]) -> None:
    """Nobody could see from `statusline guard --help` how a script uses it."""
    command = found(words)
    takes = [
        each.name
        for each in command.params
        if isinstance(each, click.Argument) or (isinstance(each, click.Option) and not each.is_flag)
    ]
    assert not takes or command.examples
    assert all(" ".join(words) in line for line, _what in command.examples)


@pytest.mark.parametrize(
    "line", [line for words in EVERY for line, _what in found(words).examples if words]
)
def test_every_example_is_accepted(line: str) -> None:
    """An example would go on to show an option that was renamed."""
    typed = re.search(r"statusline ([^|&)]+)", line)
    assert typed is not None
    parse(cli, shlex.split(typed[1].replace("~/", "")))


def test_the_segment_is_what_help_begins_with() -> None:
    """What `statusline` does by itself stood in the last lines, below twenty commands."""
    text = TEXTS["statusline"][80]
    assert 0 < text.index("5h 61% 2h11m · 7d 22%") < text.index("Examples:") < text.index("show")
    assert text.index("Examples:") < text.index("Look:") < text.index("For scripts:")


def test_the_programs_help_loads_no_command() -> None:
    """It imported requests, rich and Textual's kin to print twenty sentences: 0.4 s."""
    code = (
        "import sys; from statusline.cli.main import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=HANG_S, check=True
    )
    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert not loaded & {"rich", "requests", "sqlite3", "statusline.manual.tables"}
    assert not loaded & {f"statusline.cli.{verb}" for verb in VERBS}


@pytest.mark.parametrize("words", [each for each in EVERY if each != ("help",)], ids=" ".join)
def test_help_before_a_command_is_help_behind_it(words: tuple[str, ...]) -> None:
    """`statusline help` was no command."""
    assert run("help", *words).output == run(*words, "--help").output


@pytest.mark.parametrize("word", ALIASES)
def test_what_people_type_from_habit_is_understood(word: str) -> None:
    """`statusline status` and `statusline usage` were refused."""
    assert run(word, "--help").output == run(ALIASES[word], "--help").output
    assert run(word, "--window", "1h").exit_code == 2  # its options are that command's


@pytest.mark.parametrize("word", ["update", "upgrade"])
def test_update_names_both_commands_that_may_be_meant(word: str) -> None:
    """Whoever types it wants new numbers, or a new version; neither may be taken for done."""
    done = run(word)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "`statusline refresh`" in done.stderr
    assert "A new version: " in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("config", "chekc"), "no command 'chekc'. Did you mean check?"),
        (("help", "statez"), "no command or topic 'statez'. Did you mean states?"),
        (("help", "config", "shwo"), "no command 'shwo'. Did you mean show?"),
        (("help", "show", "more"), "`statusline show` has no commands of its own."),
        (("version",), "no command 'version'. Did you mean --version?"),
        (("setup",), "no command 'setup'. Did you mean install?"),
        (("help", "--man", "show"), "--man is the page of the whole program."),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_word_that_is_not_known_gets_the_nearest(words: tuple[str, ...], said: str) -> None:
    """Below `config`, and for a topic, nothing was proposed."""
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_topic_that_is_missing_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that lost a file said that something unexpected went wrong."""
    lost = "gone"
    monkeypatch.setattr(topics, "NAMES", (lost,))
    for words in (("help", lost), ("--help",), ("help", "--man")):
        done = run(*words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"Error: Python cannot load `topics/{lost}.md`")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        ((), "st", ["states"]),
        ((), "s", ["states", "surfaces", "show"]),
        (("config",), "se", ["set"]),
        (("show",), "", []),
        (("nope",), "", []),
    ],
)
def test_what_may_follow_help_is_offered(
    words: tuple[str, ...], begun: str, offered: list[str]
) -> None:
    """A topic was offered below a command, or a command of another one."""
    [argument] = [each for each in found(("help",)).params if each.name == "words"]
    context = click.Context(found(("help",)), parent=click.Context(cli))
    context.params["words"] = words
    assert [each.value for each in argument.shell_complete(context, begun)] == offered


def terms(topic: str) -> set[str]:
    """What a topic explains."""
    rows = [row for block in topics.text(topic) if isinstance(block, Rows) for row in block.rows]
    return {name for term, _text in rows for name in term.split(", ")}


def test_each_word_of_the_segment_is_explained_once() -> None:
    """`update statusline` stood twice among the states, with two texts."""
    rows = [row for block in topics.text("states") if isinstance(block, Rows) for row in block.rows]
    named = [term for term, _text in rows]
    assert sorted(set(named)) == sorted(named)


def test_the_topics_leave_nothing_out() -> None:
    """A word of a segment, a key or a surface that came later would be explained nowhere."""
    labels = {label for label, _what, _fix in STATES.values() if label}
    assert labels | {UNKNOWN_THERE, GONE, DEAD} <= terms("states")
    plain = {
        key for key in KEYS if key.count(".") < 2 and key.removeprefix("format.") not in SURFACES
    }
    assert plain <= terms("configuration")
    named = {name for name in PLACEHOLDERS if name.count(".") == 0}
    assert {f"{{{name}}}" for name in named} <= terms("placeholders")
    surfaces = run("help", "surfaces").output
    for name in (*WORDS, *SURFACES, *FILES):
        assert re.search(rf"\b{re.escape(name)}\b", surfaces) or name == "rprompt", name
    for name in topics.NAMES:
        assert topics.title(name) == TEXTS[f"help {name}"][100].splitlines()[0]


def test_the_topics_name_what_is_sent_and_kept() -> None:
    """A request or a file that came later would be in docs/ alone."""
    privacy = run("help", "privacy").output
    assert api.USAGE_PATH in privacy
    assert "`statusline credentials --online`" in privacy  # the other request
    kept = TEXTS_OF["architecture.md"].partition("## On disk")[2]
    files = re.findall(r"^`([\w.]+)`$", TEXTS_OF["help files"], re.MULTILINE)
    assert files
    assert all(f"| `{name}` |" in kept for name in files)
    assert [name for name in re.findall(r"`(\w+\.sqlite3)`", kept) if name not in files] == []


def test_the_formats_for_bars_are_in_a_topic() -> None:
    """`show --format` would take a bar that `help surfaces` does not name."""
    show = found(("show",))
    [option] = [each for each in show.params if each.name == "bar_format"]
    assert isinstance(option.type, click.Choice)
    assert set(option.type.choices) <= terms("surfaces")
