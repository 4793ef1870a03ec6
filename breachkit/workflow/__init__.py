"""One function per thing a responder means to do: gather, decide, commit."""
