"""What went wrong, in a form that every surface can tell: what is wrong, and the fix."""

from __future__ import annotations

from typing import NamedTuple

#: How a program that lacks some of its files is made whole.
REINSTALL = "./install.sh, or pip install --force-reinstall . in the checkout"


class FixableError(Exception):
    """Something that a person can put right.

    ``what`` is wrong and ``fix`` is what to do, a sentence each; ``fix`` is "" where nothing has
    to be done. ``str`` is both.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(f"{what} {fix}".rstrip())
        self.what = what
        self.fix = fix


class Problem(NamedTuple):
    """Something wrong that stops nothing: ``what`` it is and the ``fix``, a sentence each."""

    what: str
    fix: str


def reason(error: Exception) -> str:
    """Return what the system says, without the path, which may name the user."""
    return getattr(error, "strerror", None) or type(error).__name__


def incomplete(error: Exception) -> str:
    """Return what is wrong, and what to do, where a module is missing or cannot be loaded.

    Where it is one that lacks a name, the module is the ``AttributeError``'s object.
    """
    name = getattr(getattr(error, "obj", None), "__name__", None) or getattr(error, "name", None)
    name = f"`{name}`" if name else "a module"
    what = f"Python cannot load {name}, which statusline needs."
    return f"{what} Install statusline again: {REINSTALL}"
