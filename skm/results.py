"""The published contract: one unit's figures of one period, to and from the mapping that is written as JSON.

Format 1. Decimals are strings, keys are sorted by the encoder, nothing in it comes from a clock. A file is a sum of
whole release blocks (docs/release-rule.md); everything else in it follows from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from skm import breakdown, canonical, index
from skm.breakdown import Breakdowns
from skm.breakdown_text import BreakdownText, loads, text_of
from skm.errors import SkmError
from skm.instrument import Instrument
from skm.interval import Interval, interval, interval_of
from skm.periods import Period, parse_period
from skm.tally import EMPTY, Tally

FORMAT = 1
NO_BREAKDOWNS = text_of(Breakdowns(0))
SQUARES_PLACES = 6  # enough for an interval to two decimals over any number of people


@dataclass(frozen=True)
class ReleasedBlock:
    """A published block that counts: `home` is the shortest period that holds all of its answers, `no` counts per home.

    `instrument` is the form (`versi`) of its newest answer, `earlier` are other forms in it. `noted`: so many of its
    answers were set aside since, without effect so far (docs/release-rule.md, rule 5).
    """

    home: Period
    no: int
    tally: Tally
    instrument: str
    noted: int = 0
    example: bool = False
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Correction:
    """On `day`, `n` released answers at home in `home` stopped counting (`aside`), or counted again."""

    home: Period
    day: date
    n: int
    aside: bool


@dataclass(frozen=True)
class Result:
    """What is known in public of a unit in a period."""

    code: str
    period: Period
    instrument: str  # its `versi`: id, version and way of asking for biaya
    blocks: tuple[ReleasedBlock, ...]
    final: bool
    held: int  # counted answers that stay out for good; known when final
    example: bool  # holds simulated answers: never a real office's figure
    set_aside: int = 0  # answers that do not count, corrections after the close included; known when final
    corrections: tuple[Correction, ...] = ()
    breakdown_text: BreakdownText = NO_BREAKDOWNS  # the breakdowns of the answers that counted when its periods closed

    @cached_property
    def breakdowns(self) -> Breakdowns:
        """Those printed, read."""
        return self.breakdown_text.breakdowns

    @cached_property
    def tally(self) -> Tally:
        """The pooled counts; without squares where forms differ, whose respondents have no index in common."""
        counted = sum((block.tally for block in self.blocks[1:]), self.blocks[0].tally) if self.blocks else EMPTY
        return replace(counted, squares=None) if self.earlier_forms else counted

    @cached_property
    def earlier_forms(self) -> tuple[str, ...]:
        """The other forms its answers were given under: the questionnaire changed within the period."""
        forms = {form for block in self.blocks for form in (block.instrument, *block.earlier)}
        return tuple(sorted(forms - {self.instrument}))

    @property
    def mixed(self) -> bool:
        """True where its answers are to different questionnaires: they have no index in common, so none is graded.

        Another way of asking for biaya is the same questionnaire.
        """
        own = self.instrument.rsplit(".", 1)[0]
        return any(form.rsplit(".", 1)[0] != own for form in self.earlier_forms)

    @property
    def noted(self) -> int:
        """Released answers that are set aside but still count, because too few are (rule 5)."""
        return sum(block.noted for block in self.blocks)


@dataclass(frozen=True)
class Figures:
    """A result computed: exact values; `mutu` only for final figures (rule 2).

    `interval` is the 95 % interval of the IKM, without correction for a finite population: it is what is graded and
    compared. None where the blocks hold no squares, or the forms differ.
    """

    n: int
    nrr: Mapping[str, Fraction]
    ikm: Fraction
    interval: Interval | None
    mutu: index.Mutu | None
    ikm_without_biaya: Fraction | None
    convention: index.Convention


GRADE_MIN_N = 10  # under it the grade is withheld whatever k a registry sets


def figures(
    tally: Tally,
    instrument: Instrument,
    graded: bool,
    convention: index.Convention = index.Convention.EXACT,
) -> Figures | None:
    """The figures of a tally (NRR 1..4, IKM 25..100, exact), or None where nobody answered anything.

    SkmError where a convention's fixed weight does not fit the number of unsur. An unsur biaya that is called so gives
    the index without it beside the index.
    """
    nrr = index.nrr(tally, instrument)
    if not nrr:
        return None
    value = index.ikm(nrr, convention)
    rest = {key: mean for key, mean in nrr.items() if key != "biaya"}
    graded = graded and tally.n >= GRADE_MIN_N
    without = index.ikm(rest) if rest and len(rest) < len(nrr) else None
    sure = interval_of(value, tally) if convention is index.Convention.EXACT else interval(tally, instrument)
    return Figures(tally.n, nrr, value, sure, index.mutu(value) if graded else None, without, convention)


@dataclass(frozen=True)
class Published:
    """A result with what follows from it; `figures` is None where nothing of the period could be released."""

    result: Result
    instrument: Instrument
    tally: Tally
    figures: Figures | None


def computed(result: Result, instrument: Instrument) -> Published:
    """A result with its figures; `instrument` is the one that it names."""
    graded = result.final and not result.mixed
    return Published(result, instrument, result.tally, figures(result.tally, instrument, graded))


def decimal_text(value: Fraction | Decimal, places: int = 2) -> str:
    """A figure as published: rounded half up, decimal point."""
    return str(index.round_half_up(value if isinstance(value, Fraction) else Fraction(value), places))


def to_mapping(result: Result, instrument: Instrument) -> dict[str, Any]:
    """The content of `results/<period>/<code>.json`; `instrument` is the one that the result names."""
    found = computed(result, instrument).figures
    mapping: dict[str, Any] = {
        "format": FORMAT,
        "code": result.code,
        "period": str(result.period),
        "final": result.final,
        "instrument": result.instrument,
        "blocks": [_block_mapping(block) for block in result.blocks],
        "n": result.tally.n,
        "convention": index.Convention.EXACT.value,
        "nrr": {key: decimal_text(value) for key, value in found.nrr.items()} if found else {},
        "ikm": decimal_text(found.ikm) if found else None,
        "interval": [str(found.interval.lo), str(found.interval.hi)] if found and found.interval else None,
        "mutu": found.mutu.letter if found and found.mutu else None,
        "kinerja": found.mutu.kinerja if found and found.mutu else None,
    }
    if result.final:
        mapping |= {"held": result.held, "set_aside": result.set_aside}
        mapping["breakdowns"] = breakdown.to_mapping(result.breakdowns)
    if result.corrections:
        mapping["corrections"] = [
            {"period": str(c.home), "day": c.day.isoformat(), "n": c.n, "set_aside": c.aside}
            for c in result.corrections
        ]
    if result.example:
        mapping["example"] = True
    return mapping


def encode(result: Result, instrument: Instrument) -> bytes:
    """The bytes of that file."""
    return canonical.encode(to_mapping(result, instrument)).encode()


def _block_mapping(block: ReleasedBlock) -> dict[str, Any]:
    squares = block.tally.squares
    mapping: dict[str, Any] = {
        "period": str(block.home),
        "no": block.no,
        "instrument": block.instrument,
        "n": block.tally.n,
        "counts": {item: list(counts) for item, counts in block.tally.counts.items()},
        "squares": decimal_text(squares, SQUARES_PLACES) if squares is not None else None,
    }
    if block.noted:
        mapping["noted"] = block.noted
    if block.earlier:
        mapping["earlier_instruments"] = list(block.earlier)
    return mapping


def decode(content: bytes) -> Result:
    """A result from the bytes of its file; figures are never read back, they follow from the blocks.

    SkmError, ValueError.
    """
    data = loads(content.decode())
    if not isinstance(data, Mapping):
        raise SkmError("results are an object")
    if data.get("format") != FORMAT:
        raise SkmError(f"results format {data.get('format')!r} is not {FORMAT}")
    try:
        return Result(
            code=data["code"],
            period=parse_period(data["period"]),
            instrument=data["instrument"],
            blocks=tuple(
                _block(block, data["instrument"], bool(data.get("example", False))) for block in data["blocks"]
            ),
            final=bool(data["final"]),
            held=int(data.get("held", 0)),
            example=bool(data.get("example", False)),
            set_aside=int(data.get("set_aside", 0)),
            corrections=tuple(
                Correction(parse_period(c["period"]), date.fromisoformat(c["day"]), int(c["n"]), bool(c["set_aside"]))
                for c in data.get("corrections", ())
            ),
            breakdown_text=data.get("breakdowns", NO_BREAKDOWNS),
        )
    except SkmError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SkmError(f"results of {data.get('code', '?')}: {error} is missing or wrong") from error


def _block(data: Mapping[str, Any], instrument: str, example: bool) -> ReleasedBlock:
    counts = {item: (int(a), int(b), int(c), int(d)) for item, (a, b, c, d) in data["counts"].items()}
    squares = data.get("squares")
    return ReleasedBlock(
        home=parse_period(data["period"]),
        no=int(data["no"]),
        tally=Tally(int(data["n"]), counts, _exact(squares) if squares is not None else None),
        instrument=data.get("instrument", instrument),
        noted=int(data.get("noted", 0)),
        example=example,
        earlier=tuple(data.get("earlier_instruments", ())),
    )


_exact = lru_cache(maxsize=64)(Fraction)  # a quarter's blocks are those of its half-year and its year, too
