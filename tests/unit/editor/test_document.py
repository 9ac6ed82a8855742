"""config.toml's text: whatever else it holds, only the key that is asked for changes."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusline.editor.document import DocumentError, with_key, without_key

#: Keys of three depths, and what stands in a file beside them.
PATHS = (
    ("preset",),
    ("width",),
    ("thresholds", "warning"),
    ("thresholds", "critical"),
    ("thresholds", "seven_day", "warning"),
    ("format", "claude"),
    ("format", "tmux"),
    ("bar", "full"),
)
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(0, 10**6),
    st.floats(0, 1000, allow_nan=False),
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=3),
)
_BLANK = st.sampled_from(["", "", "\n", "\n\n"])
_COMMENT = st.sampled_from(
    ["", "", "# why: \"'{[\n", "  # one\n# two\n", '# width = 3\n#warning = 1\n#\n# """\n']
)
_INLINE = st.sampled_from(["1", '"}"', "[ 1 ]"])
_BEHIND = st.sampled_from(["", "", " # here", "  #'''"])


#: Values as people write them; ``KEY`` marks the lines that belong to one over several.
_WRITTEN = st.sampled_from(
    [
        *("60", "0x1F", "1_000", "true", '"a # b"', "'C:\\x'", "2026-11-21"),
        *('"""KEY\nKEY = 1\nKEY"""', "'''KEY\nKEY'''", "[1, # KEY\n 2, # KEY\n] # KEY"),
    ]
)


@st.composite
def line(draw: st.DrawFn, key: str) -> str:
    """A key with what may stand around it."""
    indent = draw(st.sampled_from(["", "", "  ", "\t"]))
    sign = draw(st.sampled_from(["=", " = ", "  =  "]))
    value = draw(_WRITTEN).replace("KEY", key)
    around = draw(_BLANK) + draw(_COMMENT)
    return f"{around}{indent}{key}{sign}{value}{draw(_BEHIND)}\n"


@st.composite
def table(draw: st.DrawFn, name: str, keys: tuple[str, ...]) -> tuple[str, str]:
    """A table in one of its forms: what stands at the root, and what stands below."""
    used = draw(st.lists(st.sampled_from(keys), unique=True))
    form = draw(st.sampled_from(["header", "header", "header", "dotted", "inline", "absent"]))
    if form == "dotted":
        return "".join(draw(line(f"{name}.{key}")) for key in used), ""
    if form == "inline":
        inside = ", ".join(f"{key} = {draw(_INLINE)}" for key in used)
        padding = draw(st.sampled_from(["", " "]))
        return f"{name} = {{{padding}{inside}{padding}}}{draw(_BEHIND)}\n", ""
    if form == "absent":
        return "", ""
    head = draw(_BLANK) + draw(_COMMENT) + f"[{name}]{draw(_BEHIND)}\n"
    return "", head + "".join(draw(line(key)) for key in used) + draw(_COMMENT)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A valid config.toml of the odd kind."""
    root = draw(st.lists(st.sampled_from(["preset", "width", "unknown"]), unique=True))
    tables = [
        draw(table("thresholds", ("warning", "critical", "seven_day.warning", '"odd key"'))),
        draw(table("thresholds.seven_day", ("warning", "critical"))),
        draw(table("format", ("claude", "tmux"))),
        draw(table("bar", ("full",))),
        draw(table("of_somebody", ("full", "tmux"))),
    ]
    ahead = [draw(line(key)) for key in root] + [at_root for at_root, _ in tables]
    below = [below for _, below in tables]
    text = draw(_COMMENT) + draw(_BLANK)
    text += "".join(draw(st.permutations(ahead))) + "".join(draw(st.permutations(below)))
    text += draw(_BLANK) + draw(_COMMENT)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def is_toml(text: str) -> bool:
    """Whether Python reads it."""
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def value_of(text: str, path: tuple[str, ...]) -> object:
    """What a key has, ``None`` where it is not set."""
    value: Any = tomllib.loads(text)
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def others(text: str, path: tuple[str, ...]) -> dict[str, object]:
    """Every other value by its path, written with dots; tables without keys do not count."""
    found: dict[str, object] = {}

    def walk(values: dict[str, Any], prefix: tuple[str, ...]) -> None:
        for name, value in values.items():
            if isinstance(value, dict):
                walk(value, (*prefix, name))
            elif (*prefix, name) != path:
                found[".".join((*prefix, name))] = value

    walk(tomllib.loads(text), ())
    return found


def lines_of(text: str) -> list[str]:
    """The lines as TOML ends them, which is not wherever Python's splitlines does."""
    return re.split(r"\r?\n", text)


def kept(text: str, path: tuple[str, ...]) -> list[str]:
    """The lines that no change of this key may touch: those that neither name it nor are blank."""
    return [
        each
        for each in lines_of(text)
        if each.strip()
        and path[-1] not in each
        and not each.lstrip().startswith(("[", "]", '"', path[0] + " = {", path[0] + "."))
    ]


def is_within(part: list[str], whole: list[str]) -> bool:
    """Whether ``part`` stands in ``whole``, in its order."""
    rest = iter(whole)
    return all(each in rest for each in part)


@settings(deadline=None)
@given(
    files().filter(is_toml),
    st.lists(st.tuples(st.sampled_from(PATHS), VALUES | st.none()), min_size=1, max_size=5),
)
def test_only_the_key_changes(text: str, steps: list[tuple[tuple[str, ...], object]]) -> None:
    """A comment, a line end or a neighbour would be lost in a file that a person wrote."""
    for path, value in steps:
        new = without_key(text, path) if value is None else with_key(text, path, value)
        assert value_of(new, path) == value
        assert others(new, path) == others(text, path)
        assert is_within(kept(text, path), lines_of(new))
        assert new.count("# here") == text.count("# here")
        if "\r\n" in text.partition("\n")[0] + "\n":
            assert "\n" not in new.replace("\r\n", "")
        if text:
            assert new.endswith("\n") == text.endswith("\n")
        text = new


PLACES = {
    "behind the last key of its table": (
        "[thresholds]\nwarning = 60\n\n# Formats\n[format]\n",
        ("thresholds", "critical"),
        "[thresholds]\nwarning = 60\ncritical = 7\n\n# Formats\n[format]\n",
    ),
    "behind the line in which it is commented out": (
        "# sizes\n#width = 40\n\n#clock = 24\n\n[format]\n",
        ("width",),
        "# sizes\n#width = 40\nwidth = 7\n\n#clock = 24\n\n[format]\n",
    ),
    "before the tables, behind the introduction": (
        "# My settings.\n\n# Formats\n[format]\n",
        ("width",),
        "# My settings.\n\nwidth = 7\n\n# Formats\n[format]\n",
    ),
    "on top of a table with nothing in it": (
        "[style]\n[thresholds]\n\n[format]\n",
        ("thresholds", "warning"),
        "[style]\n[thresholds]\nwarning = 7\n\n[format]\n",
    ),
    "in a table of its own at the end": (
        "width = 3",
        ("thresholds", "warning"),
        "width = 3\n\n[thresholds]\nwarning = 7",
    ),
    "in a table of its own behind its kin": (
        "[thresholds]\na = 60\n\n# Formats\n[format]\n",
        ("thresholds", "seven_day", "warning"),
        "[thresholds]\na = 60\n\n[thresholds.seven_day]\nwarning = 7\n\n# Formats\n[format]\n",
    ),
    "as its neighbours are written": (
        "  thresholds.warning = 60\n",
        ("thresholds", "critical"),
        "  thresholds.warning = 60\n  thresholds.critical = 7\n",
    ),
    "within an inline table": (
        "thresholds = { warning = 60 } # mine\n",
        ("thresholds", "seven_day", "warning"),
        "thresholds = { warning = 60, seven_day = {warning = 7} } # mine\n",
    ),
    "in place, with its comment": (
        "thresholds.warning=60   # early\n",
        ("thresholds", "warning"),
        "thresholds.warning=7   # early\n",
    ),
}


#: What was there before the key, and goes with it or stays changed.
KEPT = ("in place", "on top")


@pytest.mark.parametrize("place", PLACES)
def test_a_key_goes_where_a_person_would_write_it(place: str) -> None:
    """A key behind the next table's comment reads as if the comment were about it."""
    before, path, after = PLACES[place]
    assert with_key(before, path, 7) == after


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith(KEPT)])
def test_a_key_that_was_added_goes_without_a_trace(place: str) -> None:
    """Each try in the editor, undone by hand, would leave an empty table or a blank line."""
    before, path, _after = PLACES[place]
    assert without_key(with_key(before, path, 7), path) == before


TAKEN = {
    "a comment on its line stays": ("a = 1\nwidth = 3 # wide\n", "a = 1\n# wide\n"),
    "a comment above it stays": ("# wide\nwidth = 3\n", "# wide\n"),
    "a value over several lines goes whole": ('width = """\n[a]\n"""\na = 1\n', "a = 1\n"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_comments_stay_when_a_key_goes(case: str) -> None:
    """What a person noted down is theirs, with and without the key."""
    before, after = TAKEN[case]
    assert without_key(before, ("width",)) == after


def test_a_table_with_a_comment_of_its_own_stays() -> None:
    """The comment would else read as if it were about the table before."""
    text = "[style]\nmodel = 1\n[thresholds]\n# early\nwarning = 60\n\n# last\n"
    assert without_key(text, ("thresholds", "warning")) == text.replace("warning = 60\n", "")


def test_a_value_that_stands_in_a_table_s_place_is_refused() -> None:
    """`thresholds = 5`: a table beside it would make the file unreadable."""
    for text in ("thresholds = 5\n", "[thresholds.warning]\na = 1\n", "[[thresholds]]\n"):
        with pytest.raises(DocumentError, match=r"thresholds\.warning cannot be changed here"):
            with_key(text, ("thresholds", "warning"), 7)


def test_several_lines_are_written_one_below_the_other() -> None:
    """A list of formats on one line cannot be read."""
    text = with_key("[format]\r\n", ("format", "claude"), ["{model}", '"{five_hour}"'])
    assert text == ('[format]\r\nclaude = [\r\n  "{model}",\r\n  "\\"{five_hour}\\"",\r\n]\r\n')
