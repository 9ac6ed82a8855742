"""S18, S19: a Secret shows its value to nobody who does not ask for it by name."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from functools import partial
from typing import TYPE_CHECKING

import pytest

from statusline.login.secret import Secret
from tests.support.canary import token

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = token("7f3a")
SALT = b"salt-of-a-test"

RENDERINGS: dict[str, Callable[[Secret], str]] = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "format": format,
    "format with a width": lambda secret: format(secret, ">80"),
    "format as its type": lambda secret: f"{secret!s:.100}",
    "f-string with =": lambda secret: f"{secret=}",
    "percent s": lambda secret: "%s" % secret,  # noqa: UP031
    "percent r": lambda secret: "%r" % secret,  # noqa: UP031
    "inside a container": lambda secret: repr([{"token": secret}, (secret,)]),
    "json with default=str": lambda secret: json.dumps(secret, default=str),
    "dir": lambda secret: repr(dir(secret)),
    "fingerprint": lambda secret: secret.fingerprint(SALT),
}


@pytest.mark.parametrize("render", RENDERINGS.values(), ids=RENDERINGS)
def test_s19_no_rendering_shows_any_part_of_the_value(render: Callable[[Secret], str]) -> None:
    """Neither the value nor a piece of it appears in a text made of a Secret."""
    shown = render(Secret(CANARY))
    assert "sk-ant" not in shown
    assert "7f3a" not in shown


REFUSALS: dict[str, Callable[[Secret], object]] = {
    **{
        f"pickle {protocol}": partial(pickle.dumps, protocol=protocol)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "json": json.dumps,
    "hash": hash,
    "vars": vars,
    "iteration": list,  # type: ignore[dict-item]
    "len": len,  # type: ignore[dict-item]
    "concatenation": lambda secret: "Bearer " + secret,  # type: ignore[operator]
    "encoding": bytes,  # type: ignore[dict-item]
    "reduce": lambda secret: secret.__reduce__(),
    "state": lambda secret: secret.__getstate__(),
}


@pytest.mark.parametrize("use", REFUSALS.values(), ids=REFUSALS)
def test_s19_whatever_would_carry_the_value_away_is_a_type_error(
    use: Callable[[Secret], object],
) -> None:
    """Pickle, json, hash and use as a string raise TypeError, which does not quote the value."""
    with pytest.raises(TypeError) as refusal:
        use(Secret(CANARY))
    assert CANARY not in repr(refusal.value)


def test_s19_a_copy_is_the_secret_itself() -> None:
    """Copy and deepcopy, of containers too, make no second holder of the value."""
    secret = Secret(CANARY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"token": [secret]})["token"][0] is secret


def test_s19_a_traceback_that_prints_locals_does_not_show_the_value() -> None:
    """A local variable and an argument that hold a Secret are printed as hidden."""

    def fail(argument: Secret) -> None:
        local = argument
        raise ValueError(f"refused: {local}")

    with pytest.raises(ValueError, match="refused") as failure:
        fail(Secret(CANARY))
    shown = traceback.TracebackException.from_exception(failure.value, capture_locals=True)
    text = "".join(shown.format())
    assert "argument = Secret(hidden)" in text
    assert CANARY not in text


def test_s19_a_log_record_does_not_show_the_value(caplog: pytest.LogCaptureFixture) -> None:
    """Logging a Secret as an argument or as the message writes the hidden form."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("sending %s %r", Secret(CANARY), {"t": Secret(CANARY)})
        logging.getLogger("test").debug(Secret(CANARY))
    assert "hidden" in caplog.text
    assert CANARY not in caplog.text


def test_a_secret_equals_a_secret_of_the_same_value_and_nothing_else() -> None:
    """Equality tells two logins apart, but no string can be tried against a Secret."""
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret(CANARY + "x")
    assert Secret(CANARY) != CANARY
    assert Secret("é\ud800") == Secret("é\ud800")


def test_reveal_gives_the_value_back() -> None:
    """The one way to the value returns it unchanged."""
    assert Secret(CANARY).reveal() == CANARY


def test_a_fingerprint_depends_on_the_value_and_on_the_salt() -> None:
    """16 hex digits, the same each time, another for another value or salt, never an error."""
    prints = {
        Secret(value).fingerprint(salt)
        for value in (CANARY, CANARY + "x", "\ud800")
        for salt in (SALT, b"other")
    }
    assert len(prints) == 6
    assert all(len(print_) == 16 and int(print_, 16) >= 0 for print_ in prints)
    assert Secret(CANARY).fingerprint(SALT) in prints


@pytest.mark.parametrize(
    ("value", "sendable"),
    [
        pytest.param(CANARY, True, id="a token"),
        pytest.param("!~", True, id="first and last visible character"),
        pytest.param("x" * 4096, True, id="longest"),
        pytest.param("x" * 4097, False, id="too long"),
        pytest.param("", False, id="empty"),
        pytest.param(CANARY + "\n", False, id="newline at the end"),
        pytest.param("a\r\nHost: b", False, id="header injection"),
        pytest.param("a b", False, id="space"),
        pytest.param("a\x7f", False, id="DEL"),
        pytest.param("a\x00", False, id="NUL"),
        pytest.param("é", False, id="not ASCII"),
        pytest.param("\ud800", False, id="lone surrogate"),
    ],
)
def test_s18_only_visible_ascii_is_sendable(value: str, sendable: bool) -> None:
    """What an HTTP library would quote in an exception is found before it is sent."""
    assert Secret(value).is_sendable() is sendable
