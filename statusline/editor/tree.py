"""A TOML file as tomlkit's tree: where a key stands, where a new one goes, what goes with an old.

tomlkit's own ways of adding and removing put keys behind the comment of the next table, and take
comments away; here the order and the blank lines are those that a person would choose.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import tomlkit
from tomlkit.items import (
    AoT,
    Comment,
    InlineTable,
    Item,
    Key,
    SingleKey,
    Table,
    Trivia,
    Whitespace,
)

#: The path of a key: ``("thresholds", "warning")``.
Path = tuple[str, ...]
_Body = list[tuple[Key | None, Item]]

#: A key that is commented out; the line behind it is where that key belongs.
_COMMENTED = re.compile(r"#+\s*(?:for example:\s*)?([\w-]+)\s*=")


class _Place(NamedTuple):
    """Where keys of a table stand: its ``body``, and the ``parent`` that holds it at ``at``."""

    body: _Body
    parent: _Body
    at: int = 0
    key: Key | None = None
    table: Table | InlineTable | None = None

    @property
    def has_lines(self) -> bool:
        """Whether a key can be added as a line of its own."""
        if self.table is None or isinstance(self.table, InlineTable):
            return self.table is None
        is_dotted = self.key is not None and self.key.is_dotted()
        return is_dotted or not self.table.is_super_table()


def _places(body: _Body, path: Path) -> list[_Place]:
    """Return every place where keys of the table ``path`` stand; the root's for no path."""
    found = [_Place(body, body)]
    for name in path:
        found = [
            _Place(item.value.body, place.body, at, key, item)
            for place in found
            for at, (key, item) in enumerate(place.body)
            if key is not None and key.key == name and isinstance(item, Table | InlineTable)
        ]
    return found


def _find(body: _Body, name: str) -> int | None:
    """Return where a key stands in a body."""
    return next((at for at, (key, _) in enumerate(body) if key and key.key == name), None)


def put(root: _Body, path: Path, value: Item, newline: str) -> None:
    """Set a key where it stands, else add it to its table, else with a table of its own."""
    places = _places(root, path[:-1])
    for place in places:
        at = _find(place.body, path[-1])
        if at is not None:
            key, old = place.body[at]
            _dress(value, old.trivia.indent, old.trivia.trail)
            value.trivia.comment_ws = old.trivia.comment_ws
            value.trivia.comment = old.trivia.comment
            place.body[at] = (key, value)
            return
    for place in reversed(places):
        if place.has_lines:
            _insert(place, path[-1], value, newline)
            return
    for depth in range(len(path) - 1, 0, -1):
        for place in _places(root, path[:depth]):
            if isinstance(place.table, InlineTable):
                _dress(value, "", "")
                _add_inline(place.body, path[depth], _nested(path[depth + 1 :], value))
                return
    _add_table(root, path, value, newline)


def _dress(value: Item, indent: str, trail: str) -> None:
    value.trivia.indent, value.trivia.trail = indent, trail


def _nested(path: Path, value: Item) -> Item:
    """Return a value below the names of ``path``, as inline tables."""
    for name in reversed(path):
        table = tomlkit.inline_table()
        table.append(name, value)
        value = table
    return value


def _insert(place: _Place, name: str, value: Item, newline: str) -> None:
    """Add a key to a table: behind its commented line, else behind the last key, else on top."""
    body = place.body
    lines = [at for at, (key, item) in enumerate(body) if key is not None and _is_line(key, item)]
    commented = [at for at, (_, item) in enumerate(body) if _is_commented(item, name)]
    if lines or commented:
        near = (commented or lines)[-1]
        at = near + 1
        indent = body[near][1].trivia.indent
    else:
        at = _behind_introduction(body) if place.table is None else 0
        indent = ""
    _dress(value, indent if indent.isspace() else "", newline)
    body.insert(at, (SingleKey(name), value))
    is_alone = place.table is None and not lines and not commented
    if is_alone and at + 1 < len(body) and not isinstance(body[at + 1][1], Whitespace):
        body.insert(at + 1, (None, Whitespace(newline)))


def _is_line(key: Key, item: Item) -> bool:
    return key.is_dotted() or not isinstance(item, Table | AoT)


def _is_commented(item: Item, name: str) -> bool:
    found = _COMMENTED.match(item.trivia.comment) if isinstance(item, Comment) else None
    return found is not None and found[1] == name


def _behind_introduction(body: _Body) -> int:
    """Return where the first key goes: behind the comment at the top that a blank line ends."""
    for at, (_key, item) in enumerate(body):
        if isinstance(item, Whitespace):
            return at + 1
        if not isinstance(item, Comment):
            return 0
    return len(body)


def _add_table(root: _Body, path: Path, value: Item, newline: str) -> None:
    """Add a table with one key: behind the last one of its kin, else at the end."""
    header = ".".join(SingleKey(name).as_string() for name in path[:-1])
    made = tomlkit.parse(f"[{header}]{newline}").body
    body = _places(made, path[:-1])[0].body
    _dress(value, "", newline)
    body.append((SingleKey(path[-1]), value))
    kin = [at for at, (key, item) in enumerate(root) if _is_header(key, item, path[0])]
    at = kin[-1] + 1 if kin else len(root)
    before, last = _before(root, at)
    if at < len(root):
        cut = _end_of_own(before)
        body += before[cut:]
        del before[cut:]
        last = min(last, cut - 1)
    if last >= 0 and not isinstance(before[last][1], Whitespace):
        before.insert(last + 1, (None, Whitespace(newline)))
        at += before is root
    root[at:at] = made


def _is_header(key: Key | None, item: Item, name: str) -> bool:
    return key is not None and key.key == name and not _is_line(key, item)


def _before(body: _Body, at: int) -> tuple[_Body, int]:
    """Return where the last line before ``body[at]`` is: the body it stands in, and its index."""
    last = at - 1
    while last >= 0:
        key, item = body[last]
        if key is None or key.is_dotted() or not isinstance(item, Table) or not item.value.body:
            break
        body = item.value.body
        last = len(body) - 1
    return body, last


def _end_of_own(body: _Body) -> int:
    """Return where in a body the comments begin that belong to what follows its table."""
    at = len(body)
    while at and body[at - 1][0] is None:
        at -= 1
    while at < len(body) and not isinstance(body[at][1], Whitespace):
        at += 1
    return at


def take_out(root: _Body, path: Path) -> None:
    """Take a key out; its comment stays as a line, and tables that are left empty go."""
    for place in _places(root, path[:-1]):
        at = _find(place.body, path[-1])
        if at is None:
            continue
        if isinstance(place.table, InlineTable):
            _take_out_inline(place.body, at)
        else:
            trivia = place.body[at][1].trivia
            left = Comment(Trivia(trivia.indent, "", trivia.comment, trivia.trail))
            place.body[at : at + 1] = [(None, left)] if trivia.comment else []
            is_apart = (at == 0 and place.table is None) or _is_blank(place.body, at - 1)
            if not trivia.comment and is_apart and _is_blank(place.body, at):
                place.body[at : at + 1] = _less(place.body[at][1])
    for depth in range(len(path) - 1, 0, -1):
        for place in reversed(_places(root, path[:depth])):
            _prune(root, path[:depth], place)


def _add_inline(body: _Body, name: str, value: Item) -> None:
    """Add a key to an inline table, behind its last one."""
    last = max((at for at, (key, _) in enumerate(body) if key is not None), default=None)
    if last is None:
        body[:] = [(SingleKey(name), value)]
    else:
        sign = [(None, Whitespace(",")), (None, Whitespace(" "))]
        body[last + 1 : last + 1] = [*sign, (SingleKey(name), value)]


def _take_out_inline(body: _Body, at: int) -> None:
    """Take a key out of an inline table, with the comma before it, or behind it if it is first."""
    keys = [other for other, (key, _) in enumerate(body) if key is not None]
    number = keys.index(at)
    if number:
        del body[keys[number - 1] + 1 : at + 1]
    elif len(keys) > 1:
        del body[at : keys[1]]
    else:
        body.clear()


def _prune(root: _Body, path: Path, place: _Place) -> None:
    """Take a table out that has no keys left, and no comment of its own."""
    if any(key is not None for key, _ in place.body):
        return
    if isinstance(place.table, InlineTable):
        take_out(root, path)
    elif not place.has_lines or (place.key is not None and place.key.is_dotted()):
        place.parent[place.at : place.at + 1] = place.body
    elif not (place.table is None or place.table.trivia.comment or _end_of_own(place.body)):
        _drop_header(root, place)


def _drop_header(root: _Body, place: _Place) -> None:
    """Take a header out with one blank line of the two around it."""
    rest = list(place.body)
    around, last = _before(place.parent, place.at)
    is_apart = last < 0 or isinstance(around[last][1], Whitespace)
    is_end = _before(root, len(root))[0] in (place.body, place.parent) and not rest
    if rest and isinstance(rest[0][1], Whitespace) and is_apart:
        rest[:1] = _less(rest[0][1])
    place.parent[place.at : place.at + 1] = rest
    if is_end and last >= 0 and is_apart:
        around[last : last + 1] = _less(around[last][1])


def _is_blank(body: _Body, at: int) -> bool:
    return 0 <= at < len(body) and isinstance(body[at][1], Whitespace)


def _less(blank: Item) -> _Body:
    """Return blank lines without the first one."""
    rest = blank.as_string().partition("\n")[2]
    return [(None, Whitespace(rest))] if rest else []
