"""`api = false` is never overlooked, whatever is wrong with config.toml or with where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.settings.load import compile_text, load, read
from statusline.system.environ import Environment

BOM = b"\xef\xbb\xbf"


def environment(path: Path) -> Environment:
    """The environment whose config.toml is `path`."""
    return Environment({"HOME": "/nonexistent", "STATUSLINE_CONFIG": str(path)})


@pytest.mark.parametrize(
    "text",
    [
        '"api" = false\nwidth =',
        "'api'=false\nwidth =",
        'preset="full"; api = false',
        'preset = "full", api = false',
        "api: false",
        "api false",
        "api = true\napi = false",
        "width = # ]\rapi = false",
        "x = {api = false",
        '"\\u0061pi" = false\nwidth =',
        "a\0p\0i\0 \0=\0 \0f\0a\0l\0s\0e\0",
        "\ufeff\ufeffapi = false",
        "\u200bapi = false",
        "API = no",
        "no_api = yes",
        'x = "#"; api = false',
        "api = true; api = false",
    ],
)
def test_the_word_in_a_broken_file_turns_it_off(text: str) -> None:
    """It would have caught every way of writing it but one, each with requests sent."""
    loaded = compile_text(text)
    assert loaded.problems
    assert loaded.settings.api is False


@pytest.mark.parametrize(
    "text", ["width =", "# api = false\nwidth =", "api=true#yes\nwidth =", "capital =", "api2 ="]
)
def test_a_broken_file_that_does_not_mention_it_leaves_it_on(text: str) -> None:
    """It would have caught a typing error anywhere that stopped the numbers."""
    assert compile_text(text).settings.api is True


@pytest.mark.parametrize(
    "text",
    [
        "[bar]\nwidth = 8\napi = false",
        "[thresholds.five_hour]\nwarning = 60\napi = 'no'",
        "[accounts]\napi = false",
        "[network]\nuse = {api = false}",
        "[[x]]\napi = 0",
        "API = false",
        '" api " = false',
        "bar.api = false",
    ],
)
def test_in_another_table_it_counts_and_is_named(text: str) -> None:
    """It would have caught the line at the end of the file, where it belongs to the last table."""
    loaded = compile_text(text)
    assert loaded.problems
    assert loaded.settings.api is False


def test_what_to_do_about_one_in_another_table() -> None:
    """It would have caught `Remove it`, said of what turns the API off."""
    (mistake,) = compile_text("[bar]\nwidth = 8\napi = false").problems
    assert (mistake.line, mistake.key) == (3, "bar.api")
    assert mistake.fix.startswith("Write api above the first [table]")


@pytest.mark.parametrize("text", ["api = true\n[bar]\napi = false", "[bar]\napi = true"])
def test_another_table_does_not_outdo_the_key_itself(text: str) -> None:
    """It would have caught a clear `api = true` that could not be set any more."""
    loaded = compile_text(text)
    assert loaded.settings.api is True
    assert "is off" not in loaded.problems[0].fix


@pytest.mark.parametrize("api", ["true", "false"])
def test_a_byte_order_mark_costs_nothing(api: str, tmp_path: Path) -> None:
    """It would have caught a whole file lost to what some editors put at its beginning."""
    path = tmp_path / "config.toml"
    path.write_bytes(BOM + f"api = {api}\nwidth = 3\n".encode())
    loaded = read(environment(path))
    assert not loaded.problems
    assert loaded.settings.api is (api == "true")
    assert loaded.effective["width"] == (3, "config.toml line 2")


@pytest.mark.parametrize("content", [None, BOM[:2] + b"width = 3", "api = true".encode("utf-16")])
def test_nothing_is_asked_on_a_guess(content: bytes | None, tmp_path: Path) -> None:
    """It would have caught the defaults where dotfiles were not in place; `None` is that link."""
    path = tmp_path / "config.toml"
    if content is None:
        path.symlink_to(tmp_path / "dotfiles" / "config.toml")
    else:
        path.write_bytes(content)
    settings, problem = load(environment(path))
    assert settings.api is False
    assert problem
    assert "read" not in problem  # what tells it says so: "could not be read: "
