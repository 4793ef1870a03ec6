"""Tabletop exercises: a scripted world, what a team did in it, and the score. The engine that judges both is the real one."""
