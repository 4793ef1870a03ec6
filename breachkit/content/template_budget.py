"""What a template of one's own may use up: steps and characters, counted while it runs, in place of a process to kill.

Jinja's sandbox keeps a template from the system, not from running for ever or making a string of gigabytes. Shipped
templates alone are filled without counting; once an organisation has templates of its own, everything is counted.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join
from jinja2.runtime import Context, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

STEPS: Final = 1_000_000
"""Parts of a template that may be run; the longest shipped notice takes some thousands."""
CHARACTERS: Final = 5_000_000
"""Characters that may be made and looked at; a page holds about 3,000."""
_WHOLE: Final = 10**9
"""Numbers a template may reckon with."""
_METHODS: Final = {
    str: {
        "capitalize", "casefold", "endswith", "isdigit", "lower", "lstrip", "removeprefix", "removesuffix", "replace",
        "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper",
    },
    dict: {"get", "items", "keys", "values"},
}  # fmt: skip
"""What values can be asked to do. None of it makes more than it was given; `replace` is counted before it does."""
_GROWING: Final = ("batch", "center", "filesizeformat", "indent", "replace", "round", "slice", "wordwrap")
"""Filters that can make much of little."""


class _Left:
    """What is left to use up in one filling."""

    __slots__ = ("characters", "steps")

    def __init__(self) -> None:
        self.steps, self.characters = STEPS, CHARACTERS


_LEFT: ContextVar[_Left | None] = ContextVar("_LEFT", default=None)


@contextmanager
def budget() -> Iterator[None]:
    """Count what is filled inside. Outside nothing is: Jinja folds constants while it compiles."""
    token = _LEFT.set(_Left())
    try:
        yield
    finally:
        _LEFT.reset(token)


def step(count: int) -> None:
    """Count parts that are run; SecurityError when there have been too many."""
    if (left := _LEFT.get()) is not None:
        left.steps -= count
        if left.steps < 0:
            raise SecurityError(f"it runs too long (more than {STEPS:,} steps); loop over less")


def spend(count: int) -> None:
    """Count characters; SecurityError when there have been too many."""
    if (left := _LEFT.get()) is not None:
        left.characters -= count
        if left.characters < 0:
            raise SecurityError(f"it makes too much text (more than {CHARACTERS:,} characters)")


def weigh(value: Any) -> Any:
    """The value, its characters and all it holds counted. Lists in lists count as often as they would be walked through."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            spend(len(one))
        elif isinstance(one, (list, tuple)):
            spend(1 + len(one))
            waiting += one
        elif isinstance(one, dict):
            spend(1 + 2 * len(one))
            waiting += [*one.keys(), *one.values()]
    return value


class BudgetedEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, with everything counted that a template can make."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def count_all(self) -> None:
        """Count what filters, tests and printing do, and take away filters that make much of little."""
        for name in _GROWING:
            self.filters.pop(name, None)
        self.filters["join"] = _join
        for table in (self.filters, self.tests):
            table.update({name: _counted(work) for name, work in table.items()})
        if self.finalize is not None:
            self.finalize = _counted(self.finalize)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if not all(isinstance(one, (int, float)) and abs(one) <= _WHOLE for one in (left, right)) or operator == "**":
            raise SecurityError(f"'{operator}' is for small numbers only; put texts together with '~'")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, (str, bytes, int, float, complex, list, tuple, dict, set, frozenset)):
            kind = next((one for one in _METHODS if isinstance(obj, one)), None)
            return kind is not None and attr in _METHODS[kind] and super().is_safe_attribute(obj, attr, value)
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No text formats others: widths in it make gigabytes."""

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        step(1)
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str) and getattr(__obj, "__name__", "") == "replace" and len(args) >= 2:
            spend(len(owner) + owner.count(str(args[0])) * len(str(args[1])))
        result = super().call(__context, __obj, *args, **kwargs)
        return weigh(result) if owner is not None else result

    def get_template(self, *args: Any, **kwargs: Any) -> Any:
        step(1)
        return super().get_template(*args, **kwargs)

    def concat(self, pieces: Iterable[str]) -> str:
        """All pieces as one text; counted first."""
        kept = []
        for piece in pieces:
            spend(len(piece))
            kept.append(piece)
        return "".join(kept)

    def together(self, *parts: Any) -> str:
        """What `~` makes."""
        for part in parts:
            weigh(part)
        return markup_join(parts)

    def weigh(self, value: Any) -> Any:
        """See the function of this name."""
        return weigh(value)

    def step(self, count: int) -> None:
        """See the function of this name."""
        step(count)

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(_Counting(self).visit(source), *args, **kwargs)


def _counted(work: Any) -> Callable[..., Any]:
    @functools.wraps(work)  # which also keeps what it wants to be given by Jinja
    def counted(*args: Any, **kwargs: Any) -> Any:
        step(1)
        for one in (*args, *kwargs.values()):
            weigh(one)
        return weigh(work(*args, **kwargs))

    return counted


@functools.wraps(do_join)
def _join(eval_ctx: Any, value: Iterable[Any], d: str = "", attribute: Any = None) -> str:
    items = list(value)
    spend(len(items) * len(str(d)))
    joined: str = do_join(eval_ctx, items, d, attribute)
    return joined


class _Counting(NodeTransformer):
    """Puts a step before whatever can be run more than once, and a scale around whatever makes or reads a text."""

    def __init__(self, environment: BudgetedEnvironment) -> None:
        self.environment = environment

    def _ask(self, name: str, args: list[nodes.Expr], line: int) -> nodes.Call:
        asked = nodes.Call(nodes.EnvironmentAttribute(name), args, [], None, None)
        asked.set_lineno(line).set_environment(self.environment)
        return asked

    def _begin(self, node: Any) -> nodes.Node:
        size = 1 + sum(1 for part in node.body for _ in part.find_all(nodes.Node))
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(self._ask("step", [nodes.Const(size)], node.lineno)).set_lineno(node.lineno))
        return node  # type: ignore[no-any-return]  # it is the node that came in

    visit_Template = visit_For = visit_Macro = visit_CallBlock = visit_Block = _begin

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return self._ask("together", node.nodes, node.lineno)

    def _scale(self, node: Any) -> nodes.Node:
        self.generic_visit(node)
        return node if getattr(node, "ctx", "load") != "load" else self._ask("weigh", [node], node.lineno)

    visit_List = visit_Tuple = visit_Dict = _scale

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        return self._ask("weigh", [node], node.lineno) if isinstance(node.arg, nodes.Slice) else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = self._ask("weigh", [node.expr], node.lineno)
        for operand in node.ops:
            operand.expr = self._ask("weigh", [operand.expr], node.lineno)
        return node
