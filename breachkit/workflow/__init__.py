"""One function per thing a responder means to do: gather, decide, commit."""

import breachkit.content  # noqa: F401 - it settles the time-zone rules before any time is read
