"""Files as plain rows and trees; every complaint names file and line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.constructor import ConstructorError

from sim.scenario.errors import InputError, unknown, wrong
from sim.scenario.schema import Figure
from sim.scenario.validate import checked


class Row(NamedTuple):
    """A line of a table: its cells by column, and where it stands."""

    cells: dict[str, str]
    where: str

    def number(self, column: str) -> float:
        """Read a cell as a finite number, with a decimal point and nothing else."""
        text = self.cells[column]
        try:
            value = math.nan if "_" in text else float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise wrong(column, text, "a number such as 0.5", self.where)
        return value

    def figure(self, key: str, unit: str) -> Figure:
        """Read the columns low, centre, high and those that say where the figure comes from."""
        if self.cells["unit"] != unit:
            raise wrong("unit", self.cells["unit"], f"{unit!r} for {key}", self.where)
        tree: dict[str, object] = {name: self.number(name) for name in ("low", "centre", "high")}
        texts = ("unit", "year", "source", "confidence", "note")
        tree |= {name: self.cells[name] for name in texts if name in self.cells}
        return checked(Figure, tree, key, self.where)


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows of a comma-separated file that has exactly these columns, in any order.

    A byte-order mark and blank lines are passed over.

    Raises
    ------
    InputError
        If the file cannot be read, is separated by semicolons, or a column or a cell is missing or too many.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, columns, f"{path}:1")
        for cells in reader:
            where = f"{path}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise wrong("", f"{len(cells)} cells", f"{len(header)} ({', '.join(header)})", where)
            yield Row({name: cell.strip() for name, cell in zip(header, cells, strict=True)}, where)
    except csv.Error as error:
        raise InputError(f"not a comma-separated table: {error}", where=f"{path}:{reader.line_num}") from None


def _check_header(header: list[str], columns: tuple[str, ...], where: str) -> None:
    for mark, name in (";", "semicolons"), ("\t", "tabs"), ("|", "bars"):
        if any(mark in column for column in header):
            problem = f"columns are separated by {name}; save with commas, and with points in numbers"
            raise InputError(problem, value=header, where=where)
    for name in header:
        if name not in columns:
            raise unknown("", name, columns, where, what="column")
    for name in columns:
        if header.count(name) != 1:
            what = "missing" if name not in header else "given twice"
            raise InputError(f"column {name!r} is {what}", key=name, allowed=columns, where=where)


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML whose dates stay text, whose 1e4 is a number, and whose keys are given once."""


# As in OmegaConf, so that a scenario means the same whether Hydra reads it or we do.
_Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")
    ]
    for letter, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][-+]?\d+)?$|[-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$"),
    list("-+0123456789."),
)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            raise ConstructorError(None, None, f"key {key!r} is not text", key_node.start_mark)
        if key in seen:
            raise ConstructorError(None, None, f"key {key!r} is given twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)  # type: ignore[no-any-return]


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_tree(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds; an empty file is an empty one.

    Raises
    ------
    InputError
        If the file cannot be read, does not parse, gives a key twice, or holds something else.
    """
    return parse_tree(read_text(path), str(path))


def parse_tree(text: str, where: str) -> dict[str, Any]:
    """Return the mapping that a text in YAML holds, as `read_tree` does of a file's."""
    try:
        tree = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"{where}:{mark.line + 1}" if mark else where
        raise InputError(f"does not parse as YAML: {error.problem}", where=line) from None
    except yaml.YAMLError as error:
        raise InputError(f"does not parse as YAML: {error}", where=where) from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise wrong("", tree, "a mapping (key: value)", where)
    return tree


def read_text(path: Path) -> str:
    """Content of a UTF-8 file, without the byte-order mark that spreadsheets write."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text; save it with that encoding", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
