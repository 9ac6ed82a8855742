"""Speed, measured side by side with the floors and with other status lines: ``tests/bench/run``."""
