"""config.toml: every key good and bad, with line and fix; settings.json whatever it holds."""

from __future__ import annotations

import json
import os
import tomllib
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusline.settings import toml_lines
from statusline.settings.keys import KEYS, THRESHOLDS
from statusline.settings.load import MAX_BYTES, compile_text, load, read
from statusline.settings.notifications import Notifications
from statusline.settings.settings import Settings
from statusline.settings.settings_json import read as read_stored
from statusline.surfaces import SURFACES
from statusline.system.bounded_read import parse
from statusline.system.environ import Environment
from tests.support.distorted import documents, texts
from tests.support.examples import examples

DOCUMENT = Path(__file__).parents[3] / "docs" / "config.md"
DEFAULTS = Settings().to_json()
#: The Claude directory that the example of `accounts` names.
WORK = Environment({"HOME": "/home/u", "CLAUDE_CONFIG_DIR": "/home/u/.claude-work"})


def toml(key: str, value: str) -> str:
    """A file of three lines that sets one key, in line 3."""
    table, _dot, name = key.rpartition(".")
    return f"# mine\n[{table}]\n{name} = {value}\n" if table else f"# mine\n\n{name} = {value}\n"


def environment(path: Path) -> Environment:
    """The environment whose config.toml is `path`."""
    return Environment({"HOME": "/nonexistent", "STATUSLINE_CONFIG": str(path)})


@pytest.mark.parametrize("text", ["", 'preset = "default"', "# nothing\n", "[format]\n"])
def test_the_literal_defaults_are_what_an_empty_file_compiles_to(text: str) -> None:
    """A prompt without a config.toml compiles nothing; its literals are the same settings."""
    loaded = compile_text(text)
    assert loaded.settings.to_json() == DEFAULTS
    assert not loaded.problems


@pytest.mark.parametrize("key", KEYS)
def test_every_key_takes_its_example(key: str) -> None:
    """What the documentation offers is accepted, and changes something."""
    more = 'shape = "arrow"\n' if key.startswith("capsule.") and key != "capsule.shape" else ""
    before = compile_text(f"[capsule]\n{more}")
    loaded = compile_text(toml(key, KEYS[key].example) + more, WORK)
    assert not loaded.problems
    is_seen = loaded.settings.to_json() != before.settings.to_json()
    assert is_seen is not key.startswith("notify.")
    assert (loaded.notifications != before.notifications) is key.startswith("notify.")
    assert loaded.effective[key] == (
        tomllib.loads(f"x = {KEYS[key].example}")["x"],
        "config.toml line 3",
    )


BAD = {
    "api": ['"false"', "0", "1", "[]"],
    "tokens": ['"true"', "1", "[]"],
    "user_agent": ["1", '"ünicode"', '" x"', '"a\\nb"'],
    "preset": ['"fulll"', "1", "true", '"\\u001b[31m"'],
    "width": ["0", "-1", "1001", '"40"', "40.5", "true", "nan"],
    "separator": ['""', "1", '"\\u001b[31m"', '"\\u202e"', '"\\u200b"', f'"{"x" * 17}"', '"\\n"'],
    "ascii": ['"yes"', "1"],
    "show": ['"left"', "true"],
    "reset": ['"time"', "12"],
    "clock": ["13", '"24"', "24.0", "true"],
    "time_zone": [
        *('"Europe/Berln"', "1", '"../../../etc/passwd"', '"/etc/localtime"', '":UTC"'),
        *(
            '"Europe"',
            '"UTC\\u0000"',
            '"tzdata.zi"',
            f'"{"A" * 300}"',
            '"EST5EDT,M3.2.0,M11.1.0;x"',
        ),
    ],
    "old_after_s": ["0", "-5", '"10m"', "inf", "nan", "1e9", "true"],
    "thresholds.warning": ['"75%"', "-1", "1001", "nan", "true", "91"],
    "thresholds.critical": ['"90%"', "-1", "inf", "74"],
    **{f"thresholds.{window}.warning": ['"75%"', "-1", "true", "91"] for window in THRESHOLDS},
    **{f"thresholds.{window}.critical": ['"90%"', "inf", "74"] for window in THRESHOLDS},
    "theme": ['"clam"', "1"],
    "accounts": ["1", '"work"', '{ "relative" = "work" }', '{ "/x" = 1 }', '{ "/x" = "\\u001b" }'],
    "bar.width": ["0", "41", "8.0", '"8"'],
    "bar.full": ['""', '"##"', "1", '"\\u0007"', '"░"'],
    "bar.empty": ['""', '"--"', "false", '"\\u200d"', '"█"'],
    "bar.style": ['"blocks"', "1"],
    "bar.gradient": ['"yes"', "1"],
    **{f"format.{name}": ['"{x}"', '""', "1", "[]"] for name in ("default", "chained", *SURFACES)},
    "capsule.shape": ['"oval"', "true"],
    **{
        f"capsule.{name}": ['"red"', '"white on"', '"white on rde"', "31", '"none"']
        for name in ("normal", "warning", "critical", "text")
    },
    "notify.enabled": ['"true"', "1"],
    "notify.forecast": ['"no"', "0"],
    "notify.reset": ['"no"', "[]"],
    "notify.at": ["0", "101", '"80%"', "[80, true]", "[nan]", "[[80]]", f"{[*range(1, 10)]}"],
    "sources": ['"gemini"', "1", '["codex", 1]', '[["codex"]]', '["claude"]', "true"],
    "notify.via": ['"dekstop"', "1", '["tmux", 1]', '[["tmux"]]', '["command"]', '""'],
    "notify.command": [
        *('"tell me"', "1", "[1]", '["a/b"]', '["./a"]', '[""]', '["a b"]', '["a", "\\u001b"]'),
        *('["{x}"]', f"{['a'] * 33}", f'["a", "{"x" * 2000}"]', '["~root/a"]', '["-x"]'),
    ],
    **{
        f"style.{name}": ['"bold rde"', '"#ff88"', '"256"', "31", '"31;1"', '"red blue"', '"on"']
        for name in ("normal", "warning", "critical", "muted", "model", "text")
    },
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in BAD for value in BAD[key]])
def test_a_bad_value_costs_its_own_key_only(key: str, value: str) -> None:
    """The line and the key are named with a fix; everything else keeps what the file says."""
    other = "style.text" if key != "style.text" else "style.model"
    loaded = compile_text(
        toml(key, value) + toml(other, '"#123456"').replace("[style]", "")
        if key.startswith("style.")
        else toml(key, value)
    )
    (problem,) = loaded.problems
    assert (problem.line, problem.key) == (3, key)
    assert problem.what.isprintable()
    assert problem.fix.isprintable()
    without = DEFAULTS if key != "api" else {**DEFAULTS, "api": False}
    found = loaded.settings.to_json()
    assert {**found, "styles": None} == {**without, "styles": None}
    assert (found["styles"] != DEFAULTS["styles"]) == key.startswith("style.")


def test_a_prompt_knows_nothing_of_notifications() -> None:
    """Each render would load and check what only a refresher needs."""
    text = '[notify]\nenabled = true\nat = 90\nvia = "tmux"\ncommand = ["~/bin/tell"]\n'
    loaded = compile_text(text)
    assert not loaded.problems
    assert loaded.notifications == Notifications(
        enabled=True, at=(90.0,), via=("tmux",), command=("~/bin/tell",)
    )
    assert loaded.settings.to_json() == DEFAULTS
    assert compile_text("").notifications == Notifications()
    assert compile_text("[notify]\nat = []\nvia = []\n").notifications == Notifications(
        at=(), via=()
    )


def test_every_key_is_tested_with_bad_values() -> None:
    """A new key comes with what it refuses."""
    assert BAD.keys() == KEYS.keys()


@pytest.mark.parametrize(
    ("text", "line", "key", "fix"),
    [
        ("widht = 3", 1, "widht", "width"),
        ("\n[tresholds]\nwarning = 3", 2, "tresholds", "[thresholds]"),
        ("\n\n[style]\nnormel = 3", 4, "style.normel", "normal under [style]"),
        ("warning = 3", 1, "warning", "warning under [thresholds]"),
        ("zzzz = 3", 1, "zzzz", "docs/config.md"),
        ("format = '{plan}'", 1, "format", "[format]"),
        ("\n[width]\nx = 1", 2, "width", "40"),
        ("[[format]]\ntmux = '{plan}'", None, "format", "[format]"),
        ('"\\u001b[31m" = 1', None, "[31m", "docs/config.md"),
        ("[format]\n'tmux' = '{plam}'", 2, "format.tmux", "{plan}"),
        ("format.tmux = '{plam}'", 1, "format.tmux", "{plan}"),
        ("\nformat = { tmux = '{plam}' }", 2, "format.tmux", "{plan}"),
        ("x = '''\nwidth = 1\n'''\nwidth = 'a'", 4, "width", "40"),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    text: str, line: int | None, key: str, fix: str
) -> None:
    """Misspelt keys, keys in the wrong place, inline tables, dotted and quoted keys."""
    problem = next(each for each in compile_text(text).problems if each.key == key)
    assert (problem.line, problem.key) == (line, key)
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("width = ", 1, None),
        ("a = 1\nwidth = 40 41\n", 2, 12),
        ("a = 1\na = 2\n", 2, 6),
        ("x = '''", 1, None),
        ("a\x1b[31m = 1", 1, 2),
    ],
)
def test_what_is_not_toml_is_named_by_line(text: str, line: int, column: int | None) -> None:
    """The whole file counts for nothing then, and the message says so."""
    loaded = compile_text(text)
    (problem,) = loaded.problems
    assert problem.line == line
    assert column is None or f"column {column}" in problem.what
    assert problem.what.isprintable()
    assert loaded.settings.to_json() == DEFAULTS


@pytest.mark.parametrize(
    ("text", "api"),
    [
        ("api = false\nwidth =", False),
        ("width =\n  api=false # never", False),
        ("width =\napi = 'no'", False),
        ("api = true\nwidth =", True),
        ("api = true # ask\nwidth =", True),
        ("# api = false\nwidth =", True),
        ("width =", True),
        ("api = 'false'", False),
        ("api = 0", False),
        ("api = false\nwidth = 'x'", False),
    ],
)
def test_a_broken_file_does_not_turn_the_api_on_again(text: str, api: bool) -> None:
    """Whoever turned it off stays unasked, whatever else is wrong in the file."""
    loaded = compile_text(text)
    assert loaded.settings.api is api
    assert loaded.problems


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"width = 1\n# \xff\n", 2, "UTF-8"),
        (b"#" * (MAX_BYTES + 1), None, "larger than"),
        (b"x = " + b"[" * 3000, None, "not TOML"),
    ],
    ids=["bytes", "large", "deep"],
)
def test_a_file_that_cannot_be_read_is_named(
    content: bytes, line: int | None, what: str, tmp_path: Path
) -> None:
    """Defaults are shown; the API is asked only where the file could not have forbidden it."""
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    loaded = read(environment(path))
    assert what in loaded.problems[0].what
    assert line in (None, loaded.problems[0].line)
    assert {**loaded.settings.to_json(), "api": True} == DEFAULTS
    assert loaded.settings.api is (what == "not TOML")


def test_a_directory_or_nothing_in_its_place(tmp_path: Path) -> None:
    """A directory is a mistake, a missing file or home is none."""
    assert load(environment(tmp_path))[1] == "Is a directory"
    assert not load(environment(tmp_path / "missing"))[1]
    assert not read(environment(tmp_path / "missing")).found
    assert not read(Environment({})).problems


def test_only_the_users_own_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S23: a project cannot choose settings, whatever lies in the working directory."""
    for name in ("config.toml", "statusline.toml", ".statusline.toml", ".claude/config.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("width = 3\napi = false\n")
    monkeypatch.chdir(tmp_path)
    for values in ({"STATUSLINE_CONFIG": "config.toml", "HOME": "/nonexistent"}, {}):
        assert read(Environment(values)).settings.to_json() == DEFAULTS


@given(text=st.text(max_size=200) | texts)
@settings(max_examples=examples(200))
def test_any_text_compiles_to_sound_settings(text: str) -> None:
    """S09, S10: never raises; what is wrong is said in printable words."""
    loaded = compile_text(text)
    for problem in loaded.problems:
        assert str(problem).isprintable()
    stored = read_stored(parse(json.dumps(loaded.settings.to_json()).encode()))
    assert stored.to_json() == loaded.settings.to_json()


@given(value=documents, key=st.sampled_from(sorted(KEYS)))
@settings(max_examples=examples(300))
def test_any_value_of_any_key_is_accepted_or_named(value: object, key: str) -> None:
    """S10: no type gets through to a render unchecked, and none raises."""
    try:
        text = toml(key, json.dumps(value))
        tomllib.loads(text)
    except ValueError:
        return
    loaded = compile_text(text)
    stored = read_stored(parse(json.dumps(loaded.settings.to_json()).encode()))
    assert stored.to_json() == loaded.settings.to_json()


def test_the_c_library_knows_the_zones_that_are_accepted() -> None:
    """A zone is looked for where the C library looks, not in a Python package."""
    assert any(os.path.isfile(f"{root}/Europe/Berlin") for root in zoneinfo.TZPATH)
    assert compile_text('time_zone = "Europe/Berlin"').settings.time_zone == "Europe/Berlin"


def test_lines_of_keys_are_found_in_tables_and_long_strings() -> None:
    """Tomllib does not tell lines; a key within a long string is none."""
    found = toml_lines.lines('a = """\nb = 1\n"""\n[ t . u ]\n"c d" = 1 # x = 2\n[[list]]\ne = 1\n')
    assert found == {"a": 1, "t.u": 4, "t.u.c d": 5, "t.u.e": 7}
    assert toml_lines.line_of(found, "t.u.zzz") == 4
    assert toml_lines.line_of(found, "zzz") is None


@pytest.mark.parametrize(
    "line",
    [
        '# quotes """ in a comment',
        "# and ''' in a comment",
        'a = 1 # """',
        'a = \'"""\'',
        "a = \"'''\"",
        'a = "\\"" # """',
        'a = """x""" # """',
        'a = """x\\""" """',
        'a = """x"""""',
        "a = '''x\\'''",
    ],
)
def test_quotes_that_open_nothing_cost_no_line_number(line: str) -> None:
    """After three quotes in a comment no mistake had a line."""
    tomllib.loads(line)
    assert toml_lines.lines(f"{line}\nb = 1\n")["b"] == 2
