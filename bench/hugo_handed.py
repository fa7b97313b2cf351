"""A results page by Hugo where every figure was computed before: Hugo prints, and reads neither counts nor periods."""

from collections.abc import Iterator, Sequence
from typing import Any

from generator.pages import results
from generator.pages.breakdown_tables import tables
from generator.pages.change import change_text
from generator.pages.data import latest_release, published
from generator.plan import Sources
from skm.units import Unit

TEMPLATE = """<div class="skm">
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


def told(unit: Unit, sources: Sources) -> dict[str, Any]:
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
