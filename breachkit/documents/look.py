"""The look documents are made with, under the name its users know."""

from __future__ import annotations

from breachkit.domain.looks import SHIPPED, Logo, Look

__all__ = ["SHIPPED", "Logo", "Look"]
