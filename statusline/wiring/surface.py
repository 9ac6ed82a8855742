"""What ``plan`` needs to know of a surface that can be wired, and what it tells one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from statusline.wiring.host import Here


@dataclass(frozen=True)
class Put:
    """A file with a surface in it.

    ``previous`` is what stood in its place, ``command`` the previous status line's command
    where that is to run before ours.
    """

    data: bytes
    previous: str | None = None
    command: str | None = None


@dataclass(frozen=True)
class Before:
    """What came before us, for a surface that has to share its one place.

    ``chain`` is the path where a previous command is kept, ``previous`` what the record says
    stood there; with ``replace`` no previous command runs.
    """

    chain: str
    previous: str | None
    replace: bool


class Surface(Protocol):
    """What ``plan`` needs to know of a surface. ``data`` is a file's whole contents."""

    @property
    def name(self) -> str:
        """The word on the command line."""

    @property
    def host(self) -> str:
        """The program that shows the segment, as its users call it."""

    @property
    def shown(self) -> str:
        """When the host shows what was put in place: "at once", ..."""

    def path(self, here: Here) -> str:
        """Return the file to edit; raise ``WiringError`` where none can be named."""

    def left_places(self, here: Here) -> tuple[str, ...]:
        """Return other files in which an earlier install may have put the surface."""

    def is_found(self, here: Here) -> bool:
        """Tell whether the host is on this machine."""

    def is_in(self, data: bytes) -> bool:
        """Tell whether the surface is wired into these contents."""

    def covered_by(self, here: Here) -> str | None:
        """Return the surface that shows the segment in this host already."""

    def put(self, data: bytes, here: Here, before: Before) -> Put:
        """Return the contents with the surface; raise ``WiringError`` where it has no place."""

    def drop(self, data: bytes, previous: str | None) -> bytes:
        """Return the contents without the surface and with ``previous`` in its place."""

    def notes(self, data: bytes, here: Here) -> list[str]:
        """Return what the user should know or do next, a sentence each."""

    def leave(self, here: Here) -> list[str]:
        """Take the segment out of hosts that run; return what still shows it, a sentence each."""
