"""Notices as documents: one parsed tree, every format."""

from __future__ import annotations

from breachkit.documents.render import render

__all__ = ["render"]
