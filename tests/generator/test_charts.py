"""Charts: exact places, no float noise, words for those who cannot see them."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction

from generator.charts import NRR_MARKS, Point, bar, trend

SVG = ET.fromstring


def a_point(value: Fraction | None, *, final: bool = True, label: str = "TW IV") -> Point:
    return Point((label, "2026"), value, "" if value is None else str(value), final)


def a_trend(*points: Point) -> ET.Element:
    return SVG(trend(points, title="Nilai", description="Semua nilai."))


def of_class(svg: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in svg.iter() if element.get("class") == name]


def test_a_bar_of_the_lowest_value_is_empty_and_of_the_highest_full() -> None:
    widths = [of_class(SVG(bar(Fraction(value))), "skm-bar-value")[0].get("width") for value in (1, 4)]
    assert widths == ["0%", "100%"]


def test_a_bar_of_a_repeating_fraction_has_two_decimals() -> None:
    assert 'width="44.44%"' in bar(Fraction(7, 3))


def test_the_borders_of_a_bar_stand_where_the_regulation_draws_them() -> None:
    lines = of_class(SVG(bar(Fraction(3), marks=NRR_MARKS)), "skm-bar-mark")
    assert [line.get("x1") for line in lines] == ["84.41%", "68.81%", "53.33%"]


def test_a_bar_without_marks_shows_no_border() -> None:
    assert "skm-bar-mark" not in bar(Fraction(3))


def test_a_bar_is_silent_because_its_number_stands_beside_it() -> None:
    assert SVG(bar(Fraction(3))).get("aria-hidden") == "true"


def test_the_trend_is_an_image_named_by_its_title_and_description() -> None:
    svg = a_trend(a_point(Fraction(80)), a_point(Fraction(81)))
    named = [element.text for element in svg.iter() if element.get("id") in svg.get("aria-labelledby", "").split()]
    assert (svg.get("role"), named) == ("img", ["Nilai", "Semua nilai."])


def test_the_line_breaks_where_a_period_has_no_value() -> None:
    svg = a_trend(a_point(Fraction(80)), a_point(None), a_point(Fraction(81)), a_point(Fraction(82)))
    assert len(of_class(svg, "skm-trend-line")) == 1


def test_no_line_leads_to_a_value_of_another_questionnaire_and_a_mark_says_where() -> None:
    svg = a_trend(a_point(Fraction(80)), replace(a_point(Fraction(81)), broken=True), a_point(Fraction(82)))
    assert [len(of_class(svg, f"skm-trend-{kind}")) for kind in ("line", "break")] == [1, 1]
    assert of_class(svg, "skm-trend-break")[0].get("x1") == "33.5%"


def test_a_provisional_value_has_a_mark_of_another_shape_not_only_colour() -> None:
    svg = a_trend(a_point(Fraction(80)), a_point(Fraction(81), final=False))
    assert [len(of_class(svg, f"skm-trend-{kind}")) for kind in ("final", "interim")] == [1, 1]


def test_a_higher_value_stands_higher() -> None:
    svg = a_trend(a_point(Fraction(70)), a_point(Fraction(90)))
    low, high = (float(circle.get("cy", "")) for circle in of_class(svg, "skm-trend-final"))
    assert high < low


def test_a_value_under_60_lowers_the_foot_of_the_axis_to_25() -> None:
    feet = [of_class(a_trend(a_point(Fraction(v))), "skm-trend-label")[0].text for v in (60, 59)]
    assert feet == ["60", "25"]


def test_a_hostile_name_in_a_chart_stays_text() -> None:
    svg = SVG(trend([a_point(Fraction(80))], title="</title><script>", description="&"))
    assert [element.text for element in svg][:2] == ["</title><script>", "&"]


def test_no_number_of_a_chart_has_float_noise() -> None:
    svg = trend([a_point(Fraction(n, 7)) for n in range(500, 507)], title="", description="")
    assert not re.search(r"\d\.\d{3}|\de-", re.sub(r">[^<]*<", "><", svg))
