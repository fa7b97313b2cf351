"""What a person does with a survey page on a phone, and what the phone keeps."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku sarana pengaduan".split()
# Playwright asks for a value that is there; the outbox is opened by the page itself, so no version is named.
_WAITING = """() => new Promise((done, fail) => {
  const ask = indexedDB.open("sukma");
  ask.onerror = () => fail(ask.error);
  ask.onsuccess = () => {
    if (!ask.result.objectStoreNames.length) return done([]);
    const all = ask.result.transaction("jawaban").objectStore("jawaban").getAll();
    all.onsuccess = () => { ask.result.close(); done(all.result); };
  };
})"""
# The worker has the page once it has come to life.
_READY = "() => navigator.serviceWorker.ready.then((found) => found.active.state)"


def fill(page: Page, value: int = 3, saran: str = "") -> None:
    """Answer every question."""
    for item in ITEMS:
        page.locator(f'input[name="{item}"][value="{value}"]').check()
    page.locator("textarea[name=saran]").fill(saran)


def send(page: Page) -> None:
    """Press the button."""
    page.locator("form button").click()


def receipt(page: Page) -> str:
    """Wait for the thank-you page; its receipt."""
    page.wait_for_url("**/terima/*", wait_until="load")
    return page.url.partition("/terima/")[2].partition("?")[0]


def waiting(page: Page) -> list[dict[str, object]]:
    """What is in the outbox."""
    found: list[dict[str, object]] = page.evaluate(_WAITING)
    return found


def kept_for_no_signal(page: Page) -> None:
    """Wait until the worker keeps the page."""
    page.evaluate(_READY)
    until(page, lambda: kept_in(page) != [])


def kept_in(page: Page) -> list[str]:
    """The caches of the worker."""
    names: list[str] = page.evaluate("caches.keys()")
    return names


def signal_returns(page: Page) -> None:
    """What a phone tells a page when it has a network again."""
    page.evaluate("dispatchEvent(new Event('online'))")


def until(page: Page, condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what no part of the page shows, while the browser goes on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        page.wait_for_timeout(50)
