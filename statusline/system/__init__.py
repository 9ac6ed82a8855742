"""The machine: its clock, environment, files and texts; knows nothing of usage."""
