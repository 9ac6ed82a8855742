"""A string that does not show itself: the OAuth token on its way from a file into one request."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import NoReturn, final

_SHOWN = "Secret(hidden)"
_SENDABLE = re.compile(r"[\x21-\x7e]{1,4096}")


@final
class Secret:
    """A string that only `reveal()` gives back (S18, S19).

    repr, str and format with any spec give one fixed text; pickle, json and hash raise TypeError;
    copies are the object itself; it equals nothing but another Secret of the same value.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself; for the one place that sends or parses it."""
        return self.__value

    def fingerprint(self, salt: bytes) -> str:
        """16 hex digits that tell two values apart and, without `salt`, say nothing of either."""
        return hmac.new(salt, self.__bytes(), hashlib.sha256).hexdigest()[:16]

    def is_sendable(self) -> bool:
        """Whether it is 1 to 4096 visible ASCII characters, on which no HTTP library chokes.

        requests quotes a header value it refuses in its exception (docs/decisions.md 10).
        """
        return _SENDABLE.fullmatch(self.__value) is not None

    def __bytes(self) -> bytes:
        # "surrogatepass": a UnicodeEncodeError would carry the value in its repr.
        return self.__value.encode("utf-8", "surrogatepass")

    def __repr__(self) -> str:
        return _SHOWN

    def __format__(self, spec: str) -> str:
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__bytes(), other.__bytes())

    # No cache, set or dict can key on a token.
    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    # Every protocol of pickle asks for this.
    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")
