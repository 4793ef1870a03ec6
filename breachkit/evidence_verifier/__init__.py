"""The stand-alone verifier of evidence archives. It imports nothing of breachkit, and travels in each archive as one file."""
