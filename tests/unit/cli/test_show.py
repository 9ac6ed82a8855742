"""``show`` through click: JSON, one window, SVG, and what it says when files are broken."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from statusline.cli.show import command
from statusline.system import clock, environ
from tests.support import program, sample

SCHEMA = json.loads((program.package() / "schema/show.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """It is always the sample's moment."""
    clock.use(lambda: sample.NOW)
    yield
    clock.use(None)


def run(env: environ.Environment, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """What ``show WORDS`` does in this environment."""
    monkeypatch.setattr(environ, "current", lambda: env)
    return CliRunner().invoke(command, words)


def view(result: Result) -> dict[str, Any]:
    """The document that was printed, after it was compared with the schema."""
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    VALIDATOR.validate(document)
    assert isinstance(document, dict)
    return document


def test_json_is_the_documented_view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and waits are counted, and every field is in the schema."""
    document = view(run(sample.home(tmp_path), monkeypatch, "--json"))
    assert set(document) == set(SCHEMA["properties"])
    window = document["windows"][0]
    assert set(window) == set(SCHEMA["properties"]["windows"]["items"]["properties"])
    assert (window["used_pct"], window["remaining_pct"], window["age_s"]) == (61, 39, 15)
    assert window["resets_in_s"] == 7860
    assert document["next_allowed_in_s"] == 45
    assert document["login_expires_in_s"] == 7200
    assert document["spend"]["age_s"] == 300
    assert set(document["spend"]) == set(SCHEMA["properties"]["spend"]["properties"])
    assert set(document["pools"][0]) == set(SCHEMA["properties"]["pools"]["items"]["properties"])


def test_the_document_names_every_field() -> None:
    """docs/show.json.md and the schema speak of the same fields."""
    text = (Path(__file__).parents[3] / "docs/show.json.md").read_text("utf-8")
    text = text.partition("## statusline refresh --json")[0]
    properties = SCHEMA["properties"]
    windows = properties["windows"]["items"]["properties"]
    expected = [*properties, *(f"windows[].{name}" for name in windows)]
    expected += [f"spend.{name}" for name in properties["spend"]["properties"]]
    pools = properties["pools"]["items"]["properties"]
    expected += [f"pools[].{name}" for name in pools]
    assert re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE) == expected


@pytest.mark.parametrize(("word", "window"), [("5h", "five_hour"), ("7d", "seven_day")])
def test_one_window_alone(
    word: str, window: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--window leaves that one, in every form."""
    env = sample.home(tmp_path)
    document = view(run(env, monkeypatch, "--json", "--window", word))
    assert [each["id"] for each in document["windows"]] == [window]
    lines = run(env, monkeypatch, "--plain", "--window", word).stdout.splitlines()
    assert [line.split()[0] for line in lines if "resets in" in line] == [word]


def test_an_unknown_window_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, and the choices are named."""
    result = run(sample.home(tmp_path), monkeypatch, "--window", "9h")
    assert result.exit_code == 2
    assert "5h" in result.stderr


def test_nothing_known_is_not_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh home without an account: no window, and what to type."""
    env = environ.Environment({"HOME": str(tmp_path)})
    document = view(run(env, monkeypatch, "--json"))
    assert document["windows"] == []
    assert document["state"] == "missing"
    assert document["plan"] is None
    said = run(env, monkeypatch).stdout
    assert "Run `claude` and sign in." in said
    assert "%" not in said
    assert "allowed" not in said


@pytest.mark.parametrize("kind", ["cut off", "a directory", "open to others", "a FIFO"])
def test_a_broken_cache_is_named_with_its_fix(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path as the user writes it, and what to do; never a traceback."""
    env = sample.home(tmp_path)
    path = Path(env.profile_dir or "") / "usage.json"
    match kind:
        case "cut off":
            path.write_text(path.read_text()[:100])
        case "open to others":
            path.chmod(0o666)
        case "a directory":
            path.unlink()
            path.mkdir()
        case _:
            path.unlink()
            os.mkfifo(path, 0o600)
    said = run(env, monkeypatch).stdout
    assert re.search(
        r"^problem +~/\.cache/statusline/\w+/usage\.json is broken", said, re.MULTILINE
    )
    assert "Remove it, then run `statusline refresh`." in said
    assert str(tmp_path) not in said
    assert view(run(env, monkeypatch, "--json"))["problems"]


def test_a_broken_configuration_is_named_with_its_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file, the line, the mistake, and how many more there are."""
    env = sample.home(tmp_path)
    Path(env.config_path or "").write_text('time_zone = "UTC"\nshow = "all"\nnonsense = 1\n')
    said = run(env, monkeypatch).stdout
    assert re.search(
        r"^problem +~/\.config/statusline/config\.toml: line 2: show", said, re.MULTILINE
    )
    assert "1 more: `statusline config check`." in said
    assert "61%" in said


def test_a_newer_cache_is_shown_as_far_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers stay, and the way out is said."""
    found = sample.snapshot()
    found.schema = 2
    said = run(sample.home(tmp_path, found), monkeypatch).stdout
    assert "61%" in said
    assert "Update statusline." in said


def test_an_svg_loads_nothing_and_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same picture, byte for byte; no address but the namespaces, no path."""
    env = sample.home(tmp_path / "home")
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    for path in (first, second):
        result = run(env, monkeypatch, "--svg", str(path))
        assert (result.exit_code, result.output) == (0, "")
    text = first.read_text("utf-8")
    assert text == second.read_text("utf-8")
    ET.fromstring(text)  # noqa: S314  # our own document
    assert "statusline show" in text.replace("&#160;", " ")
    assert "61%" in text
    assert str(tmp_path) not in text
    addresses = set(re.findall(r"https?://[^\s\"']+", text))
    assert {each for each in addresses if "w3.org" not in each} <= {"https://www.textualize.io"}
    assert "url(http" not in text
    assert "@font-face" not in text


def test_an_svg_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 and the reason, no traceback."""
    result = run(sample.home(tmp_path), monkeypatch, "--svg", str(tmp_path / "no/such/a.svg"))
    assert result.exit_code == 1
    assert f"to {tmp_path}/no/such/a.svg: No such file or directory." in result.stderr


def test_a_picture_beside_json_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the two was what the user wanted to be printed, and it was not."""
    path = tmp_path / "a.svg"
    result = run(sample.home(tmp_path / "home"), monkeypatch, "--json", "--svg", str(path))
    assert result.exit_code == 2
    assert "--svg" in result.stderr
    assert not path.exists()
