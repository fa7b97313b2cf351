"""JSON with the place of everything, read by the registry's own reader: JSON is YAML, and stricter."""

import json

from generator.registry_syntax import Fault, decode
from generator.registry_yaml import Document, read_yaml


def read_json(content: bytes) -> Document:
    """The file's values and every fault of its JSON; any bytes give a Document, never an exception."""
    document = read_yaml(content)
    text = decode(content)
    if not document.whole or isinstance(text, Fault):
        return document
    try:
        # Only whether it is JSON: numbers of any length stay text. The reader before has bounded the nesting.
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        return Document(None, (Fault((error.lineno, error.colno), "json_syntax"),), whole=False)
    return document
