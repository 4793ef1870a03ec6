"""Pure values and functions: no file, socket, clock, screen or random number."""
