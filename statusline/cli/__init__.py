"""The commands, one file a verb; none of them is on the way to a segment."""
