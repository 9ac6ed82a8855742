"""The pictures of docs/pictures, taken from the real programs: ``tools/pictures/run``."""
