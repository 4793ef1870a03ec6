"""The terminal UI: calm, driven by keys, the same over SSH at 80x24 as on a wide screen."""
