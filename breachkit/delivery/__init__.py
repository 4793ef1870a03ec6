"""Ways out for finished messages: a folder of files. What may go which way is decided before a transport is made.

Nothing here is made but by `workflow/sending.py`, which asks `domain/transports.py` first.
"""
