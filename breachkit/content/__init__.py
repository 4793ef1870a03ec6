"""Reads what people authored: laws, vocabulary, playbooks, scenarios, organisations, templates and facts files."""
