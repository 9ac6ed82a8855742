"""Recipes of package managers, made from pyproject.toml and a lock: `tools/packaging/run`."""
