"""`/sw.js`: the worker that keeps survey pages for a place without signal, or the one that takes it away."""

from importlib.resources import files

from skm.units import Offline, Site


def worker(site: Site, content: str) -> str:
    """The worker's source; `content` names what all survey pages follow from, and so the version of its copies."""
    name = "sw_off.js" if site.offline is Offline.NONE else "sw.js"
    source = (files("generator") / "templates" / name).read_text(encoding="utf-8")
    return source.replace("VERSION", content[:16])
