"""Write extras/packaging, or say which of its files are out of date: `tools/packaging/run`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.packaging import lock
from tools.packaging.project import INDEX, read
from tools.packaging.recipes import recipes


def main(root: Path, words: list[str]) -> None:
    """Do what the words of the command line say; exit 1 where a file is out of date."""
    parser = argparse.ArgumentParser(prog="tools/packaging/run", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing, name what is old")
    what.add_argument("--lock", action="store_true", help="resolve the dependencies anew first")
    what.add_argument("--sdist", type=Path, metavar="FILE", help="note a release's archive first")
    parser.add_argument("--to", type=Path, metavar="DIR", help="write all of them there")
    parser.add_argument(
        "--index", metavar="URL", default=INDEX, help="what they fetch from, with --to"
    )
    options = parser.parse_args(words)
    if options.to:
        write(options.to, options.index, recipes(read(root)))
        return
    if options.lock:
        lock.renew(root)
    if options.sdist:
        lock.release(root, options.sdist)
    old = outdated(root)
    if options.check:
        for name in old:
            print(f"out of date: {name}")  # noqa: T201
    else:
        write(root, INDEX, old)
    sys.exit(1 if old and options.check else 0)


def write(directory: Path, index: str, files: dict[str, str]) -> None:
    """Write files by their paths below a directory, with the index that recipes fetch from."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(INDEX, index.rstrip("/")), "utf-8")
        print(f"written: {name}")  # noqa: T201


def outdated(root: Path) -> dict[str, str]:
    """Return the files that differ from what they should be, by path, as they should be."""
    return {
        name: text
        for name, text in recipes(read(root)).items()
        if not (root / name).is_file() or (root / name).read_text("utf-8") != text
    }
