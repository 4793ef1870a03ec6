"""breachkit: facts go in one end, notices come out the other."""

__version__ = "0.1.0"
