"""Reads what people authored: laws, vocabulary, playbooks, scenarios, organisations, templates and facts files."""

from breachkit.content.timezones import use_shipped_zones

use_shipped_zones()  # before the first time with a zone is read
