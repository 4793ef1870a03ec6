"""Records of a Parquet file as text cells, batch by batch. pyarrow is an extra, imported only here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, BinaryIO, Final

from breachkit.errors import BadFile, Fault, UsageError

_BATCH: Final = 4_096


class ParquetRecords:
    """A Parquet file that is open. UsageError when pyarrow is missing, BadFile when the file is damaged."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        try:
            pyarrow: Any = import_module("pyarrow")
            parquet: Any = import_module("pyarrow.parquet")
        except ImportError:
            raise UsageError(
                f'{name} is Parquet, which needs one package more: pip install "breachkit[scan]", or save it as CSV'
            ) from None
        self._arrow: Any = pyarrow
        self._name = name
        self._file: Any = self._guarded(lambda: parquet.ParquetFile(file))
        self.headers: tuple[str, ...] = tuple(self._file.schema_arrow.names)
        self.count: int = self._file.metadata.num_rows

    def read(self, columns: Sequence[int], skip: int) -> Iterator[list[str]]:
        """Each record's cells of these columns from the `skip`-th record on. Empty values are empty cells."""
        metadata, group = self._file.metadata, 0
        while group < metadata.num_row_groups and skip >= metadata.row_group(group).num_rows:
            skip -= metadata.row_group(group).num_rows
            group += 1
        groups = list(range(group, metadata.num_row_groups))
        if not groups:
            return
        names = [self.headers[index] for index in columns]
        batches = self._file.iter_batches(batch_size=_BATCH, row_groups=groups, columns=names, use_threads=False)
        while (batch := self._guarded(lambda: next(batches, None))) is not None:
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            by_name = {name: batch.column(name) for name in names}
            texts = [self._texts(by_name[name].slice(skip)) for name in names]
            skip = 0
            yield from map(list, zip(*texts, strict=True))

    def check(self, columns: Sequence[int]) -> None:
        """BadFile when a column that is wanted holds no text, numbers or lists of text."""
        faults = []
        for index in columns:
            field = self._file.schema_arrow.field(index)
            kind = self._arrow.types
            inner = field.type.value_type if kind.is_list(field.type) or kind.is_large_list(field.type) else field.type
            if kind.is_dictionary(inner):
                inner = inner.value_type
            if kind.is_nested(inner) or kind.is_binary(inner) or kind.is_large_binary(inner):
                faults.append(
                    Fault(self._name, None, f"column '{field.name}' is of type {field.type}; it must be text or a number")
                )
        names = [name for name in self.headers if self.headers.count(name) > 1]
        if names:
            faults.append(Fault(self._name, None, f"two columns are called '{names[0]}'"))
        if faults:
            raise BadFile(faults)

    def _texts(self, column: Any) -> list[str]:
        values = self._guarded(column.to_pylist)
        return [value if type(value) is str else _text(value) for value in values]

    def _guarded(self, read: Any) -> Any:
        try:
            return read()
        except (self._arrow.ArrowException, OSError, UnicodeDecodeError) as problem:
            text = f"the Parquet file is damaged: {' '.join(str(problem).split())[:200]}; export the table again"
            raise BadFile([Fault(self._name, None, text)]) from None


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(_text(one) for one in value)
    return str(value)
