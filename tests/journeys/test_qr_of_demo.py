"""Every poster of the city's own registry: what a phone's camera reads from it is the address of that unit's survey."""

import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from generator.build import build
from generator.published import in_folder
from generator.registry import read_registry
from skm.units import Registry, Status

TOP = Path(__file__).parents[2]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nothing: the test says what went wrong."""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(TOP / "units.yaml").registry


@pytest.fixture(scope="module")
def served(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which a plain web server has the city's site."""
    folder = tmp_path_factory.mktemp("city")
    link = folder / "site"
    build(TOP / "site_src", registry, in_folder(folder / "no-results"), link)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(link))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def read_from(picture: bytes) -> list[str]:
    """The texts of all codes in a PNG."""
    with Image.open(io.BytesIO(picture)) as image:
        return [code.text for code in zxingcpp.read_barcodes(image)]


@pytest.mark.browser
def test_the_code_on_every_poster_leads_to_the_survey_of_its_unit(page: Page, served: str, registry: Registry) -> None:
    active, read = [unit for unit in registry.units if unit.status is Status.ACTIVE], {}
    for unit in active:
        page.goto(f"{served}/poster/{unit.code}/")
        read[unit.code] = read_from(page.locator("main svg").screenshot())
    assert read == {unit.code: [f"{registry.site.url}/s/{unit.code}/"] for unit in active}
    assert len(read) > 50
