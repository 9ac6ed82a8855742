"""Speed, measured side by side with the floors and with other status lines: ``tools/bench/run``."""
