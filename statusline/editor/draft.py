"""What the screen works on: a copy of the file's text, its history, and what is typed wrongly."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from statusline.editor import change
from statusline.editor.choices import takes_lines
from statusline.editor.document import toml
from statusline.settings.checks import BadValueError
from statusline.settings.keys import KEYS
from statusline.settings.load import compile_text
from statusline.settings.presets import PRESETS
from statusline.system.errors import FixableError

if TYPE_CHECKING:
    from statusline.settings.load import Loaded
    from statusline.system.environ import Environment

#: The text, and what is typed wrongly: all that a step changes.
_State = tuple[str, dict[str, tuple[str, str]]]
#: Where a format comes from that the file does not set.
SHARED = "format.default"


class Draft:
    """The settings as they would be saved: ``text`` is the file's, ``loaded`` what it means.

    What is typed becomes part of the text as soon as it is sound. What is not is kept in
    ``mistakes`` (key -> what is typed, and the sentence about it), and tried again with each
    change: a threshold may only fit once the other one does. A step of the history holds both.
    """

    def __init__(self, text: str, env: Environment | None = None) -> None:
        self._env = env
        self.saved = text
        self.text = text
        self.loaded: Loaded = compile_text(text, env)
        self.mistakes: dict[str, tuple[str, str]] = {}
        self._past: list[_State] = []
        self._future: list[_State] = []
        self._open = ""

    @property
    def is_changed(self) -> bool:
        """Tell whether there is something to save."""
        return self.text != self.saved

    def is_set(self, key: str) -> bool:
        """Tell whether the file sets the key, rather than a preset or a default."""
        return change.is_set(self.text, key)

    def value(self, key: str) -> object:
        """Return what is in force, ``None`` for nothing."""
        found = self.loaded.effective.get(key)
        if found is None and key.startswith("format."):
            found = self.loaded.effective.get(SHARED)
        return None if found is None else found[0]

    def origin(self, key: str) -> str:
        """Return where the value in force comes from, in a word or two."""
        if self.is_set(key):
            return "yours"
        if key not in self.loaded.effective:
            return SHARED if key.startswith("format.") else ""
        return self.loaded.effective[key][1]

    def shown(self, key: str) -> str:
        """Return what the key's field holds: what is typed wrongly, else the value in force."""
        return self.mistakes[key][0] if key in self.mistakes else self.typed(self.value(key), key)

    @staticmethod
    def typed(value: object, key: str = "") -> str:
        """Return a key's value as one types it: text without quotes, a format's lines below."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, list) and key.startswith("format."):
            return "\n".join(str(line) for line in value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return toml(value)

    @property
    def is_unsaved(self) -> bool:
        """Tell whether quitting would lose something, be it only what is typed wrongly."""
        return self.is_changed or bool(self.mistakes)

    def type(self, key: str, typed: str) -> None:
        """Take what somebody types for a key; nothing means that the key is not set."""
        before = self._state()
        if typed == self.typed(self.value(key), key) and (typed or not self.is_set(key)):
            self.mistakes.pop(key, None)
        else:
            self._try(key, typed)
        self._end(before, key)

    def set(self, key: str, value: object) -> None:
        """Set a key to one of its choices."""
        before = self._state()
        self._apply(key, value, self.typed(value, key))
        self._end(before, key)

    def unset(self, key: str) -> None:
        """Take the key out, so that its default is in force."""
        before = self._state()
        self._try(key, "")
        self._end(before, key)

    def _state(self) -> _State:
        return self.text, dict(self.mistakes)

    def _end(self, before: _State, key: str) -> None:
        """End a change: try again what did not fit, and keep what was for undo."""
        for other, (typed, _said) in list(self.mistakes.items()):
            self._try(other, typed)
        if self._state() == before:
            return
        if self._open != key or not self._past:
            self._past.append(before)
        self._open = key
        self._future.clear()

    def _try(self, key: str, typed: str) -> None:
        if not typed:
            self.mistakes.pop(key, None)
            if self.is_set(key):
                self._apply(key, None, "")
            return
        lines = typed.removesuffix("\n").split("\n")
        value: object = typed if len(lines) == 1 else lines
        if len(lines) > 1 and not takes_lines(key):
            self.mistakes[key] = typed, "Only one line fits here."
            return
        try:
            KEYS[key].check(value)
        except BadValueError:
            try:
                value = change.value_of(key, typed) if len(lines) == 1 else value
            except FixableError as error:
                self.mistakes[key] = typed, _about(key, error)
                return
        self._apply(key, value, typed)

    def _apply(self, key: str, value: object, typed: str) -> None:
        try:
            if value is None:
                text = change.without_value(self.text, key)
            else:
                text = change.with_value(self.text, key, value)
        except FixableError as error:
            self.mistakes[key] = typed, _about(key, error)
            return
        self.mistakes.pop(key, None)
        if text != self.text:
            self._show(text)

    def _show(self, text: str) -> None:
        self.text = text
        self.loaded = compile_text(text, self._env)

    def close(self) -> None:
        """End the step that undo takes back as one: the next character begins another."""
        self._open = ""

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Do again what was taken back; return whether there was something."""
        return self._step(self._future, self._past)

    def _step(self, back: list[_State], forth: list[_State]) -> bool:
        self.close()
        if not back:
            return False
        forth.append(self._state())
        text, self.mistakes = back.pop()
        self._show(text)
        return True

    def diff(self, name: str) -> list[str]:
        """Return what saving would change, as a unified diff."""
        before, after = (text.splitlines() for text in (self.saved, self.text))
        return list(difflib.unified_diff(before, after, name, name, n=2, lineterm=""))


def default_of(key: str) -> object:
    """Return what holds where neither file nor preset sets the key, ``None`` for nothing."""
    known = KEYS[key].default
    return PRESETS["default"].get(key) if known is None else known


def _about(key: str, error: FixableError) -> str:
    """Return the sentence about a mistake; the field says already which key it is."""
    return str(error).removeprefix(f"{key}: ")
