"""Databases: SQLite files of ours in a profile's directory, made, opened, repaired and upgraded."""
