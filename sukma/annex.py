"""A processing table recomputed: its figures, as data and as the lines that the regulation's annex prints below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from generator.i18n import number
from skm.index import MUTU_TABLE, Convention, Mutu, mutu, mutu_of_nrr, round_half_up, weight
from skm.instrument import SCALE, Unsur
from skm.interval import Interval, Keyakinan, classes, interval, keyakinan
from skm.processing_table import ProcessingTable
from skm.results import GRADE_MIN_N, Figures, decimal_text, figures
from skm.sample import sample_size
from skm.tally import Tally
from sukma.texts import Say

NRR_PLACES = 4  # published NRR have two to three decimals: enough to compare with either
EXACT_PLACES = 12


@dataclass(frozen=True)
class Annex:
    """`graded`: the interval that says how sure the class is; `interval`: the same, corrected where N is known."""

    table: ProcessingTable
    tally: Tally
    figures: Figures
    mutu: Mutu
    weight: Fraction
    population: int | None
    graded: Interval | None
    interval: Interval | None

    @property
    def required(self) -> int | None:
        """The sample for the population."""
        return sample_size(self.population) if self.population else None

    @property
    def withheld(self) -> bool:
        """True where a result would show no class: fewer than ten respondents."""
        return self.tally.n < GRADE_MIN_N

    @property
    def unsur(self) -> tuple[Unsur, ...]:
        """Those that somebody answered."""
        return tuple(unsur for unsur in self.table.instrument.unsur if unsur.key in self.figures.nrr)


def recompute(table: ProcessingTable, convention: Convention, population: int | None) -> Annex:
    """The figures of a table; always classified. SkmError: 0,11 and 0,111 where unsur are not nine, N below n."""
    tally, form = table.tally, table.instrument
    found = figures(tally, form, True, convention)
    assert found is not None  # a table without an answer is never read
    return Annex(
        table=table,
        tally=tally,
        figures=found,
        mutu=mutu(found.ikm),
        weight=weight(len(found.nrr), convention),
        population=population,
        graded=found.interval,
        interval=interval(tally, form, population) if population else found.interval,
    )


def to_mapping(annex: Annex) -> dict[str, Any]:
    """The report as JSON has it; figures are strings with a decimal point (docs/interface.md)."""
    found = annex.figures
    mapping = {
        "instrument": annex.table.instrument.id,
        "convention": found.convention.value,
        "n": found.n,
        "n_per_unsur": dict(annex.table.respondents),
        "counts": {item: list(counts) for item, counts in annex.tally.counts.items()},
        "nrr": {key: decimal_text(value, NRR_PLACES) for key, value in found.nrr.items()},
        "ikm": decimal_text(found.ikm),
        "ikm_exact": decimal_text(found.ikm, EXACT_PLACES),
        "ikm_without_biaya": decimal_text(found.ikm_without_biaya) if found.ikm_without_biaya else None,
        "mutu": annex.mutu.letter,
        "kinerja": annex.mutu.kinerja,
        "grade_withheld": annex.withheld,
        "interval": _pair(annex.interval),
        "keyakinan": keyakinan(annex.graded).value if annex.graded else None,
        "classes": [row.letter for row in classes(annex.graded)] if annex.graded else [],
        "population": annex.population,
        "required": annex.required,
    }
    if annex.population:
        mapping["interval_graded"] = _pair(annex.graded)
    return mapping


def _pair(interval: Interval | None) -> list[str] | None:
    return [str(interval.lo), str(interval.hi)] if interval else None


def lines(annex: Annex, lang: str, say: Say) -> list[str]:
    """The annex for people: a line per unsur, the sums, what they say, legend and table of classes."""
    return [
        *_table(annex, lang, say),
        "",
        *_summary(annex, lang, say),
        "",
        *_legend(annex, say),
        "",
        *_classes(lang, say),
    ]


def _decimal(value: Fraction | Decimal, places: int, lang: str) -> str:
    return number(round_half_up(Fraction(value), places), lang)


def _table(annex: Annex, lang: str, say: Say) -> list[str]:
    people = annex.table.respondents
    heads = [say("annex_" + name) for name in ("unsur", "sum", "n", "nrr", "weighted", "mutu")]
    rows = [_row(unsur, annex, people, lang) for unsur in annex.unsur]
    total = annex.figures.ikm / 25
    ends = [
        [say("annex_total"), "", "", "", _decimal(total, 4, lang), ""],
        [say("annex_index"), "", "", "", _decimal(annex.figures.ikm, 2, lang), annex.mutu.letter],
    ]
    widths = [max(len(row[column]) for row in (heads, *rows, *ends)) for column in range(len(heads))]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    return [
        _joined(heads, widths),
        rule,
        *(_joined(row, widths) for row in rows),
        rule,
        *(_joined(row, widths) for row in ends),
    ]


def _joined(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


def _row(unsur: Unsur, annex: Annex, people: Mapping[str, int], lang: str) -> list[str]:
    nrr = annex.figures.nrr[unsur.key]
    total = sum(
        value * count for item in unsur.items for value, count in zip(SCALE, annex.tally.counts[item.key], strict=True)
    )
    return [
        f"{unsur.rule} {unsur.name.get(lang, unsur.name['id'])}",
        number(total, lang),
        number(people[unsur.key], lang),
        _decimal(nrr, 3, lang),
        _decimal(nrr * annex.weight, 4, lang),
        mutu_of_nrr(nrr).letter,
    ]


def _summary(annex: Annex, lang: str, say: Say) -> list[str]:
    found = annex.figures
    said = [
        say(
            "annex_ikm",
            ikm=_decimal(found.ikm, 2, lang),
            letter=annex.mutu.letter,
            kinerja=annex.mutu.kinerja,
            n=number(found.n, lang),
        )
    ]
    if annex.withheld:
        said.append(say("annex_withheld", least=GRADE_MIN_N))
    if annex.graded and annex.interval:
        said.append(say("annex_interval", **_sureness(annex.graded, annex.interval, lang, say)))
    if found.ikm_without_biaya:
        said.append(say("annex_without_biaya", ikm=_decimal(found.ikm_without_biaya, 2, lang)))
    if annex.population and annex.required:
        counts = {"users": annex.population, "required": annex.required, "n": found.n}
        said.append(say("annex_required", **{name: number(count, lang) for name, count in counts.items()}))
    return said


def _sureness(graded: Interval, shown: Interval, lang: str, say: Say) -> dict[str, str]:
    touched = [row.letter for row in classes(graded)]
    words = {one: say(f"annex_{one.value}") for one in Keyakinan}
    return {
        "lo": _decimal(shown.lo, 2, lang),
        "hi": _decimal(shown.hi, 2, lang),
        "keyakinan": words[keyakinan(graded)],
        "classes": touched[0] if len(touched) == 1 else f"{touched[-1]}–{touched[0]}",
    }


def _legend(annex: Annex, say: Say) -> list[str]:
    fraction = {Convention.EXACT: f"1/{len(annex.unsur)}", Convention.PERMENPAN_011: "0,11", Convention.W0111: "0,111"}
    said = [say("annex_legend", weight=fraction[annex.figures.convention], convention=annex.figures.convention.value)]
    if annex.figures.convention is not Convention.EXACT and annex.interval:
        said.append(say("annex_legend_interval", unsur=len(annex.unsur)))
    if any(len(unsur.items) > 1 for unsur in annex.unsur):
        said.append(say("annex_legend_items"))
    return said


def _classes(lang: str, say: Say) -> list[str]:
    heads = [say("annex_mutu"), say("annex_kinerja"), say("annex_range")]
    tops = [Decimal("100.00"), *(row.lowest - Decimal("0.01") for row in MUTU_TABLE[:-1])]
    rows = [
        [row.letter, row.kinerja, f"{number(row.lowest, lang)}–{number(top, lang)}"]
        for row, top in zip(MUTU_TABLE, tops, strict=True)
    ]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(3)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)
    ]
