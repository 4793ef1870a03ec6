"""Alembic revisions of the journal's database, run by `storage/upgrade.py` on opening an older file."""
