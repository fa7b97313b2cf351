"""sitemap.xml and robots.txt: no dates, so that equal sites have equal bytes and no visit can be read from them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from skm.units import Registry, Site


def sitemap(registry: Registry, words: Sequence[str]) -> str:
    """The addresses worth finding: the written pages (`words`, files) and the results of units and organisations."""
    paths = ["", "hasil/", "cari/"]
    paths += [path.removesuffix("index.html") for path in words if path.endswith("/index.html")]
    paths += [f"hasil/org/{organisation.id}/" for organisation in registry.organisations]
    paths += [f"hasil/{unit.code}/" for unit in registry.units]
    lines = [f"<url><loc>{escape(f'{registry.site.url}/{path}')}</loc></url>" for path in dict.fromkeys(paths)]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>",
            "",
        )
    )


def robots(site: Site) -> str:
    """Everything may be read; forms are not worth a robot's visit."""
    return f"User-agent: *\nDisallow: /kirim/\nDisallow: /terima/\n\nSitemap: {site.url}/sitemap.xml\n"
