"""One file per thing a person sees."""
