"""The copy of a registry: never believed where it is not, to the byte, what was written."""

from pathlib import Path

from small_site import SmallSite

from generator.registry import read_registry
from generator.registry_files import LoadedRegistry, kept_or_read


def test_a_copy_that_is_spoilt_anywhere_is_read_again(site: SmallSite, tmp_path: Path) -> None:
    reads = tmp_path / "reads"  # a file: another process may be the one that reads

    def counted(_path: Path) -> LoadedRegistry:
        with reads.open("a") as file:
            file.write("read\n")
        return registry

    def times() -> int:
        return len(reads.read_text().splitlines())

    copy, registry = tmp_path / "registry.pickle", read_registry(site.registry_file)
    kept_or_read(site.registry_file, copy, counted)
    content = copy.read_bytes()
    assert kept_or_read(site.registry_file, copy, counted) == registry
    assert times() == 1
    places = range(0, len(content), len(content) // 300)
    for place in places:
        copy.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        kept_or_read(site.registry_file, copy, counted)
    assert times() == 1 + len(places)
