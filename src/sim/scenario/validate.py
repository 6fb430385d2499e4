"""What pydantic finds wrong, said in the project's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

from sim.scenario.errors import InputError, dotted, unknown, wrong


class Strict(BaseModel):
    """A frozen model that names the nearest field when it meets an unknown one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=False, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _known_fields(cls, tree: Any) -> Any:
        if isinstance(tree, Mapping):
            fields = [field.alias or name for name, field in cls.model_fields.items()]
            for key in tree:
                if key not in fields:
                    raise unknown("", key, fields, what="key")
        return tree


# Where pydantic's words are those of a programmer.
_EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "string_pattern_mismatch": "an ISO 3166 code of three letters, such as KOR",
    "too_short": "at least one",
    "string_too_short": "not empty",
}

# Pydantic's names of bounds, and how to say them.
_BOUNDS = {
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
}

_Model = TypeVar("_Model", bound=Strict)


def checked(model: type[_Model], tree: object, key: str = "", where: str = "") -> _Model:
    """Validate a tree as a model.

    Parameters
    ----------
    model : type of Strict
        What the tree should be.
    tree : object
        Usually a mapping of plain values.
    key, where : str
        Dotted key of the tree, and its file and line, for the message.

    Raises
    ------
    InputError
        For the first thing that is wrong.
    """
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        raise _translated(error.errors(include_url=False)[0], key, where) from None


def _translated(found: ErrorDetails, prefix: str, where: str) -> InputError:
    key = dotted(prefix, *_path(found["loc"]))
    context = found.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, InputError):
        return cause.within(key, where)
    if found["type"] == "missing":
        return InputError("is missing", key=key, where=where)
    if found["type"] == "union_tag_not_found":
        return InputError("is missing", key=dotted(key, "kind"), where=where)
    if found["type"] in ("literal_error", "union_tag_invalid"):
        allowed = re.findall(r"'([^']*)'", context.get("expected") or context.get("expected_tags", ""))
        key = key if found["type"] == "literal_error" else dotted(key, "kind")
        return unknown(key, context.get("tag", found["input"]), allowed, where)
    bound = _BOUNDS.get(found["type"], "").format_map(context)
    expected = bound or _EXPECTED.get(found["type"]) or found["msg"].removeprefix("Input should be ")
    return wrong(key, found["input"], expected, where)


def _path(places: tuple[int | str, ...]) -> list[str]:
    """Return the key as the user wrote it: without a union's tag and the layer that holds figures."""
    return [
        str(place)
        for before, place in zip((None, *places), places, strict=False)
        if place != "figures" and not (isinstance(before, int) and place in ("act", "deploy", "change"))
    ]
