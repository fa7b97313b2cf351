"""The survey page: nine questions on one page, complete without script; the same page answers an incomplete form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from math import ceil

from markupsafe import Markup, escape

from generator.i18n import number, texts
from generator.pages import lean
from generator.pages.beside import beside, both, bracketed, in_both, plain
from generator.stamp import Stamp, cut, marker
from skm.instrument import Instrument, Item
from skm.responses import ALASAN_MAX, ATTRIBUTES, CHANNELS, HONEYPOT, SARAN_MAX, Fault, Problem
from skm.units import Registry, Site, Status, Unit

_NAMES = {"id": "Bahasa Indonesia", "en": "English", "jv": "Basa Jawa", "mad": "Bhâsa Madhurâ"}
_ALASAN = "alasan_"


@dataclass(frozen=True)
class SurveyState:
    """What a form came back with: the values to keep, and why it was not taken.

    `notice` is "too_many" (`wait` says in seconds when to try again), "unavailable" or None.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notice: str | None = None
    wait: int = 60


EMPTY = SurveyState()


@dataclass(frozen=True)
class _Skin:
    """What many units' pages have in common: everything but the unit's own words."""

    site: Site
    form: Instrument
    lang: str
    languages: tuple[str, ...]
    has_services: bool
    example: bool


@dataclass(frozen=True)
class _Entry:
    """A line of the error summary; `target` is the id of the field to go to, where there is one."""

    text: str
    target: str | None


def survey_languages(unit: Unit, registry: Registry, form: Instrument | None = None) -> tuple[str, ...]:
    """The languages in which this unit's survey page (with another form) exists, Indonesian first."""
    available = (form or registry.instrument(unit)).languages() & frozenset(lean.LANGUAGES)
    return ("id", *(lang for lang in unit.languages if lang != "id" and lang in available))


def survey_path(code: str, lang: str) -> str:
    """`/s/<code>/` in Indonesian, `/s/<code>/<lang>/` in another language."""
    return f"/s/{code}/" if lang == "id" else f"/s/{code}/{lang}/"


def survey_page(
    unit: Unit,
    registry: Registry,
    lang: str,
    state: SurveyState = EMPTY,
    *,
    form: Instrument | None = None,
    example: bool = False,
) -> str:
    """The page of a unit as HTML; with a state that has problems or a notice, the page that says what to mend.

    `form` is another than the unit's own where somebody has answered that one.
    """
    skin = _skin(unit, registry, lang, example, form)
    return _render(skin, state, unit.code, unit.name, _organisation(unit, registry), _options(_asked(unit), state))


def stamped_survey(unit: Unit, registry: Registry, lang: str, *, example: bool = False) -> str:
    """The same bytes as `survey_page` of an empty state, some twenty times faster."""
    return _stamp(_skin(unit, registry, lang, example)).fill(
        code=escape(unit.code),
        name=escape(unit.name),
        organisation=escape(_organisation(unit, registry)),
        services=_options(_asked(unit), EMPTY),
    )


def closed_page(unit: Unit, registry: Registry, lang: str, *, example: bool = False) -> str:
    """The page of a code that takes no answers any more; names the successor of a moved or merged unit."""
    lang = lean.page_language(lang)
    words, root = both("message", lang), lean.site_root(registry.site)
    receiver = registry.receiver(unit)
    moved = unit.status in (Status.MOVED, Status.MERGED) and receiver.status is Status.ACTIVE
    key = str(unit.status) if moved else "closed"
    # The successor's page may not exist in the language that was asked for.
    shown = lang if lang in survey_languages(receiver, registry) else "id"

    def said(key: str, **values: str) -> str:
        return in_both("message", lang, lambda shown: lean.say(texts("message", shown), key, **values))

    links = [(f"{root}/hasil/{unit.code}/", words["past_results"]), (f"{root}/cari/", words["find"])]
    if moved:
        links.insert(0, (root + survey_path(receiver.code, shown), said("rate", name=receiver.name)))
    return lean.render(
        "message",
        lang,
        registry.site,
        example=example,
        kiosk=False,  # a page like any other; the script reads the channel in its address
        title=unit.name,
        title_lang="id",
        kind_title=texts("message", lang)[f"{key}_title"],
        heading=words[f"{key}_title"],
        paragraphs=(said(f"{key}_text", name=unit.name, successor=receiver.name),),
        links=links,
        others=(),
    )


def _skin(unit: Unit, registry: Registry, lang: str, example: bool, form: Instrument | None = None) -> _Skin:
    languages = survey_languages(unit, registry, form)
    shown = lang if lang in languages else "id"
    return _Skin(registry.site, form or registry.instrument(unit), shown, languages, bool(_asked(unit)), example)


def _organisation(unit: Unit, registry: Registry) -> str:
    return registry.organisation_by_id[unit.organisation].name


def _asked(unit: Unit) -> tuple[str, ...]:
    """The services to choose from; where there is one, the answer would say nothing that the unit does not."""
    return unit.services if len(unit.services) > 1 else ()


def _options(services: Sequence[str], state: SurveyState) -> Markup:
    chosen = state.values.get("layanan")
    options = ((escape(name), " selected" if name == chosen else "") for name in services)
    return Markup("".join(f'<option value="{name}"{selected}>{name}' for name, selected in options))


@lru_cache(maxsize=64)
def _stamp(skin: _Skin) -> Stamp:
    names = ["code", "name", "organisation", *(["services"] if skin.has_services else [])]
    place = {name: Markup(marker(name)) for name in names}
    page = _render(skin, EMPTY, place["code"], place["name"], place["organisation"], place.get("services", Markup("")))
    return cut(page, names, "survey page")


def _render(skin: _Skin, state: SurveyState, code: str, name: str, organisation: str, services: Markup) -> str:
    site, form, lang = skin.site, skin.form, skin.lang
    n = len(tuple(form.items()))
    wrong = {
        problem.field: in_both("survey", lang, partial(_words_of, problem, form), bracketed)
        for problem in state.problems
    }
    values = {key: state.values.get(key, "") for key in _kept_fields(form)}
    return lean.render(
        "survey",
        lang,
        site,
        example=skin.example,
        survey_title=form.title[lang],
        code=code,
        name=name,
        organisation=organisation,
        services=services,
        backend=site.backend,
        questions=[_question(item, form, lang) for item in form.items()],
        attributes=[_attribute(key, lang) for key in ATTRIBUTES],
        values=values,
        wrong=wrong,
        summary=[_Entry(text, _target(key, form, skin)) for key, text in wrong.items()],
        notice=state.notice and _said(lang, f"notice_{state.notice}", minutes=ceil(state.wait / 60)),
        languages=[
            {"lang": other, "name": _NAMES[other], "path": "" if other == "id" else f"{other}/"}
            for other in skin.languages
            if other != lang
        ],
        channel=f"?k={values['k']}" if values["k"] in CHANNELS else "",
        intro=_said(lang, "intro", n=n),
        suggestion_hint=_said(lang, "suggestion_hint", max=number(SARAN_MAX, lang)),
        privacy=_said(lang, "privacy_text", k=site.release.k),
        progress=_said(lang, "progress", n=n),
        hidden=list(_hidden(form, lang, values)),
        saran_max=SARAN_MAX,
        alasan_max=ALASAN_MAX,
    )


def _said(lang: str, key: str, **values: object) -> str:
    return in_both("survey", lang, lambda shown: lean.say(texts("survey", shown), key, **values))


def _question(item: Item, form: Instrument, lang: str) -> Mapping[str, object]:
    text, options = item.question[lang], item.options[lang]
    if lang in form.drafts:
        text = beside(text, item.question["id"])
        pairs = zip(options, item.options["id"], strict=True)
        options = tuple(Markup("<span>{}</span>").format(beside(*pair)) for pair in pairs)
    return {"key": item.key, "text": text, "options": options}


def _kept_fields(form: Instrument) -> list[str]:
    keys = [item.key for item in form.items()]
    reasons = [_ALASAN + key for key in keys]
    return [*keys, *reasons, *ATTRIBUTES, "layanan", "saran", "id", "k", "durasi", "loket", "hari", HONEYPOT]


def _attribute(key: str, lang: str) -> Mapping[str, object]:
    words = plain("survey", lang)
    return {
        "name": key,
        "label": both("survey", lang)[f"attribute_{key}"],
        "options": [(value, words[f"{key}_{value}"]) for value in ATTRIBUTES[key]],
    }


def _hidden(form: Instrument, lang: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields nobody sees; `loket` and `hari` only where the form came with them."""
    yield from (("versi", form.versi), ("lang", lang))
    yield from ((key, values[key]) for key in ("k", "id", "durasi"))
    yield from ((key, values[key]) for key in ("loket", "hari") if values[key])


def _words_of(problem: Problem, form: Instrument, lang: str) -> str:
    """What is wrong and what to do, in one line; the same beside the field and in the summary."""
    words, name = texts("survey", lang), problem.field
    places = {item.key: place for place, item in enumerate(form.items(), 1)}
    too_long = problem.fault is Fault.TOO_LONG
    if problem.fault is Fault.UNKNOWN_FIELD:
        return lean.say(words, "unknown_field", field=name)
    if name in places:
        key = "item_missing" if problem.fault is Fault.MISSING else "item_wrong"
        return lean.say(words, key, n=places[name])
    if name.startswith(_ALASAN):
        key = "reason_too_long" if too_long else "reason_wrong"
        return lean.say(words, key, n=places[name.removeprefix(_ALASAN)], max=ALASAN_MAX)
    if name == "saran":
        return lean.say(words, "saran_too_long" if too_long else "saran_wrong", max=number(SARAN_MAX, lang))
    if name in ATTRIBUTES or name == "layanan":
        label = words["service_name"] if name == "layanan" else words[f"attribute_{name}"]
        return lean.say(words, "choice_wrong", label=label)
    return words["versi_wrong"] if name == "versi" else lean.say(words, "other_wrong", field=name)


def _target(name: str, form: Instrument, skin: _Skin) -> str | None:
    """The id of the visible field a problem is about; a question's first answer stands for the question."""
    keys = [item.key for item in form.items()]
    if name in keys:
        return f"{name}-1"
    fields = {"saran", *ATTRIBUTES, *(_ALASAN + key for key in keys), *(["layanan"] if skin.has_services else [])}
    return name if name in fields else None
