"""What a build was made from: compared first, so that a build with nothing to do loads nothing else."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from generator.published import ResultsFolder
from skm.units import Registry

STATE = "state.json"


@dataclass(frozen=True)
class State:
    """What a build was made from: `base` names what every page follows from, `registry` and `results` the rest.

    `revision` is that of the program and the words, `pages` the number of generated files.
    """

    revision: str
    base: str
    registry: str
    results: str
    example: bool
    pages: int

    def dump(self) -> bytes:
        """As written."""
        return json.dumps(vars(self)).encode()


def read_state(build: Path | None) -> State | None:
    """What the build was made from; None where there is none, or none that says."""
    try:
        return State(**json.loads((build / STATE).read_bytes())) if build else None
    except (OSError, ValueError, TypeError):
        return None


def name_of(registry: Registry) -> str:
    """Names a registry's organisations and units, as `State.registry` has it."""
    return digest_of(registry.organisations, registry.units)


def state_of(
    registry: Registry, named: str, published: ResultsFolder, revision: str, example: bool, pages: int
) -> State:
    """The state of a site made from these; `named` is what `name_of` says of the registry."""
    return State(revision, base_of(registry, revision, example), named, published.version, example, pages)


def base_of(registry: Registry, revision: str, example: bool) -> str:
    """Names what every page follows from."""
    return digest_of(revision, registry.site, registry.instruments, example)


def forms_of(registry: Registry) -> str:
    """Names what figures follow from beside results: every form, those of gone files too, and the length of periods."""
    instruments = registry.instruments
    forms = sorted((*instruments.kept, *instruments.known), key=lambda one: (one.id, one.version))
    return digest_of(registry.site.period, forms)


def digest_of(*values: object) -> str:
    """A name for values: equal values, equal name. Values are frozen dataclasses, strings, numbers, sequences."""
    return hashlib.sha256(repr(values).encode()).hexdigest()
