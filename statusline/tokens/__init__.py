"""Tokens: what Claude Code's transcripts say was used, each answer counted once."""
