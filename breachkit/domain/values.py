"""Values: small classes whose fields are set once, when they are made, and compared by what they hold.

To the type checker they are frozen, and under `python -X dev` the interpreter refuses a change too (a test runs the engine that
way). Otherwise nothing stands guard at run time: guarding each field took half of every command's start and most of the time it
takes to make a value.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a class of annotated fields a value."""
    if sys.flags.dev_mode:
        return dataclass(frozen=True, slots=True)(cls)
    made: Any = dataclass(slots=True, repr=False, unsafe_hash=True)(cls)
    if "__repr__" not in cls.__dict__:
        made.__repr__ = _shown
    return cast("type[T]", made)


def _shown(self: Any) -> str:
    names = type(self).__dataclass_fields__
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"
