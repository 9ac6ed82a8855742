"""The one writer: it reads the sources, merges them and publishes the cache."""
