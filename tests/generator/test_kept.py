"""What a build keeps beside its site: believed only where it is to the byte what was written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from small_site import SmallSite

from generator.kept import KEPT, forget_ahead, read_ahead, read_kept
from generator.registry import read_registry
from skm.periods import PeriodKind


def spoilt(content: bytes, place: int) -> bytes:
    """The same with another bit there."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def zeroed(content: bytes, place: int) -> bytes:
    """The same with zeros there, as of a page that a power cut took."""
    return content[:place] + bytes(len(content[place : place + 64])) + content[place + 64 :]


def shortened(content: bytes, place: int) -> bytes:
    """The same up to there."""
    return content[:place]


@pytest.mark.parametrize("spoil", [spoilt, zeroed, shortened], ids=lambda spoil: spoil.__name__)
def test_nothing_is_believed_of_a_file_that_is_spoilt_anywhere(
    site: SmallSite, spoil: Callable[[bytes, int], bytes]
) -> None:
    registry, build = read_registry(site.registry_file).registry, site.link.resolve().parent
    content = (build / KEPT).read_bytes()
    assert read_kept(build, registry) is not None
    for place in range(0, len(content), 5):
        (build / KEPT).write_bytes(spoil(content, place))
        assert read_kept(build, registry) is None, place


def test_what_was_read_ahead_is_not_read_again(site: SmallSite) -> None:
    registry, build = read_registry(site.registry_file).registry, site.link.resolve().parent
    before = read_kept(build, registry)
    read_ahead(build, registry)
    with patch("pickle.load", side_effect=AssertionError("read")):
        assert read_kept(build, registry) == before
    forget_ahead()
    assert read_kept(build, registry) == before


def test_what_was_read_ahead_of_another_build_is_not_believed(site: SmallSite) -> None:
    registry, build = read_registry(site.registry_file).registry, site.link.resolve().parent
    before = read_kept(build, registry)
    assert before is not None
    read_ahead(build, registry)
    (build / KEPT).unlink()
    (build / KEPT).write_bytes(replace(before, examples=frozenset({"other"})).dump(registry))
    assert read_kept(build, registry) == replace(before, examples=frozenset({"other"}))


def test_what_was_read_ahead_is_nothing_for_other_forms(site: SmallSite) -> None:
    registry, build = read_registry(site.registry_file).registry, site.link.resolve().parent
    read_ahead(build, registry)
    assert read_kept(build, replace(registry, site=replace(registry.site, period=PeriodKind.YEAR))) is None


def test_nothing_of_another_program_is_loaded_ahead(site: SmallSite) -> None:
    registry, build = read_registry(site.registry_file).registry, site.link.resolve().parent
    _, _, rest = (build / KEPT).read_bytes().partition(b" ")
    (build / KEPT).write_bytes(b"0" * 64 + b" " + rest)
    with patch("pickle.load", side_effect=AssertionError("read")):
        read_ahead(build, registry)
    assert read_kept(build, registry) is None


def test_a_build_beside_a_spoilt_figure_is_a_full_one(site: SmallSite, tmp_path: Path) -> None:
    file = site.link.resolve().parent / KEPT
    content = file.read_bytes()
    file.write_bytes(spoilt(content, len(content) // 2))
    site.edit("Loket Lama", "Loket Pindahan")
    assert site.build().full
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")
