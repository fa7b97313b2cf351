"""What the shipped OpenAPI says of a body: the second opinion that the tests compare the server with."""

import json
from copy import deepcopy
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import yaml

from generator.instruments import instrument

OPENAPI: dict[str, Any] = yaml.safe_load(files("form_backend").joinpath("openapi.yaml").read_text(encoding="utf-8"))


def of_one_unit(*content_types: str) -> dict[str, Any]:
    """The description with what the unit 7k3q adds to it, for posts of these types."""
    found = deepcopy(OPENAPI)
    answer = found["components"]["schemas"]["Answer"]
    served = {"properties": {"layanan": {"enum": ["KTP elektronik", "Kartu Keluarga", ""]}}}
    answer["anyOf"] = [{"required": ["hari"]}, served]
    fields = answer["properties"]
    fields["versi"] = {"enum": [instrument("permenpan-14-2017").versi, ""]}
    content = found["paths"]["/kirim/{code}"]["post"]["requestBody"]["content"]
    for other in content.keys() - set(content_types):
        del content[other]
    return found


_ANSWER = jsonschema_rs.validator_for(
    {"$ref": "#/components/schemas/Answer", "components": of_one_unit()["components"]}, validate_formats=True
)
_NO_NUMBER_OF_THE_FORM: list[Any] = []  # stands for 3.0, which JSON Schema would call an integer


def accepted(body: bytes, content_type: str) -> bool:
    """Would a program that knows nothing but `openapi.yaml` call this an answer for the unit 7k3q?"""
    if content_type not in ("application/x-www-form-urlencoded", "application/json"):
        return False
    try:
        text = body.decode()
        pairs = _json(text) if content_type == "application/json" else parse_qsl(text, True, True, errors="strict")
    except ValueError:
        return False
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        return False
    answer = {name: _trimmed(value) for name, value in pairs}
    required = OPENAPI["components"]["schemas"]["Answer"]["required"]
    answer = {name: value for name, value in answer.items() if value != "" or name in required}
    return bool(_ANSWER.is_valid(answer))


def _json(text: str) -> list[tuple[str, Any]]:
    def odd(_text: str) -> Any:
        return _NO_NUMBER_OF_THE_FORM

    found = json.loads(text, object_pairs_hook=_Pairs, parse_float=odd, parse_constant=odd)
    if not isinstance(found, _Pairs):
        raise ValueError("no object")
    return found


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, repeated ones included."""


def _trimmed(value: Any) -> Any:
    if not isinstance(value, str):
        return dict(value) if isinstance(value, _Pairs) else value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\u00a0")
