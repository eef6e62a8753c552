"""Finding programmes: words, facets with their counts, and the page of results (« offre de
formation ») [OFF-01…03].

The whole offer is read as one light line a programme, whatever is asked, and everything else is
counted from these lines: a handful of queries and some milliseconds for thousands of programmes,
the same on both databases. Only the programmes on the page asked for are read in full.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from candide.core.text import fold
from candide.institution.catalogue.domain.dates import period, window
from candide.institution.catalogue.enums import CatalogueGrouping, Period
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Campaign,
    Institution,
    Intake,
    Programme,
    ProgrammeKind,
)
from candide.institution.reference.models import DiplomaType

PAGE_SIZE = 25
FACETS = ("centre", "type", "period", "procedure")
ONLINE, PAPER = "online", "paper"

# Words that say nothing of a programme; typed alone they are searched all the same.
_ARTICLES = "a and au aux d de des du en et for in l la le les of ou par pour sur the un une"
_SMALL_WORDS = frozenset(_ARTICLES.split())
_CLOSE_ENOUGH = 0.74
_PERIODS = (Period.OPEN, Period.SOON, Period.CLOSED)  # the most pressing first


@dataclass(frozen=True)
class Query:
    """What a visitor asks: words, and for each facet the values chosen (none: all)."""

    text: str = ""
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen.values())

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.is_filtered


@dataclass(frozen=True)
class Choice:
    """A value of a facet, and how many programmes choosing it would show. `rank` stays the same
    whatever is searched."""

    rank: int
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Group:
    """Programmes of one centre and one type of diploma (or kind), alphabetical."""

    centre: ApplicationCentre
    type: DiplomaType | ProgrammeKind | None
    begins_centre: bool
    intakes: list[Intake]


@dataclass(frozen=True)
class Found:
    """The answer to a query. `corrected` is what was searched instead of words nothing matches;
    `total_unfiltered` how many programmes the words alone find."""

    query: Query
    total: int
    total_unfiltered: int
    corrected: str
    page: int
    pages: int
    groups: list[Group]
    facets: list[Facet]

    @property
    def is_offer_empty(self) -> bool:
        return self.query.is_empty and not self.total


class _Line(NamedTuple):
    """One programme of the offer, with the intake that matters most now: its searched words, and
    its value for each of `FACETS`."""

    intake_id: int
    words: str
    centre: str
    type: str
    period: Period
    procedure: str


def find_programmes(
    query: Query, *, today: date, page: int = 1, institution: Institution | None = None
) -> Found:
    """The programmes on offer that answer `query`, a page of them, and the counts of the facets.
    A page beyond the last one is the last one."""
    institution = institution or Institution.current()
    offer = _offer(institution, today)
    matching, corrected = _match(offer, query.text)
    kept, counts = _filter(matching, query)
    centres = _by_code(ApplicationCentre, {line.centre for line in offer})
    types = _types(institution, {line.type for line in offer})
    kept.sort(key=_alphabetical(centres, types))
    pages = max(1, -(-len(kept) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return Found(
        query=query,
        total=len(kept),
        total_unfiltered=len(matching),
        corrected=corrected,
        page=page,
        pages=pages,
        groups=_groups(kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], centres, types),
        facets=_facets(counts, query, institution, centres, types),
    )


def similar_programmes(programme: Programme, *, today: date, at_most: int = 5) -> list[Intake]:
    """What to offer instead of a programme that is not on offer: others sharing most words of its
    name (the type of diploma says too little), those of its centre first when as close."""
    institution = Institution.current()
    types = " ".join(DiplomaType.objects.active().values_list("search_text", flat=True))
    wanted = set(fold(str(programme.name)).split()) - _SMALL_WORDS - set(types.split())
    centre = programme.commission.centre.code
    ranked = sorted(
        (-len(shared), line.centre != centre, line.words, line.intake_id)
        for line in _offer(institution, today)
        if (shared := wanted.intersection(line.words.split()))
    )
    chosen = [intake_id for *_rank, intake_id in ranked[:at_most]]
    found = Intake.objects.with_offer().in_bulk(chosen)
    return [found[intake_id] for intake_id in chosen]


def offered_intakes(programme: Programme, *, today: date) -> list[Intake]:
    """The intakes of `programme` the catalogue shows, the one that matters most now first, as
    `find_programmes` chooses: open, then opening soon, then closed."""
    intakes = Intake.objects.on_offer().with_offer().filter(programme=programme)
    by_rank: dict[int, list[Intake]] = defaultdict(list)
    for intake in intakes.order_by("closes_on", "pk"):
        by_rank[_PERIODS.index(period(intake, today=today))].append(intake)
    *others, closed = (by_rank[rank] for rank in range(len(_PERIODS)))
    return [*chain(*others), *reversed(closed)]


# -- The offer, one light line a programme --------------------------------------------------------


def _offer(institution: Institution, today: date) -> list[_Line]:
    by_kind = institution.catalogue_grouping == CatalogueGrouping.KIND
    campaigns = Campaign.objects.in_bulk()
    rows = (
        Intake.objects.on_offer()
        .order_by("closes_on", "pk")
        .values_list(
            "programme_id",
            "campaign_id",
            "opens_on",
            "closes_on",
            "is_paperless",
            "pk",
            "programme__search_text",
            "programme__commission__centre__code",
            "programme__kind__code" if by_kind else "programme__diploma_type__code",
        )
    )
    lines: dict[int, _Line] = {}
    for (
        programme,
        campaign,
        opens_on,
        closes_on,
        is_paperless,
        pk,
        words,
        centre,
        type_code,
    ) in rows:
        state = window(opens_on, closes_on, campaigns[campaign]).period(today=today)
        procedure = ONLINE if is_paperless and institution.is_paperless else PAPER
        line = _Line(pk, words, centre, type_code or "", state, procedure)
        known = lines.get(programme)
        lines[programme] = line if known is None or _matters_more(line, known) else known
    return list(lines.values())


def _matters_more(line: _Line, than: _Line) -> bool:
    """Of two intakes of a programme, `line` closing later: the one open, then the one that opens;
    of two closed ones the last that was, of two others the one that ends first."""
    if line.period == than.period:
        return line.period == Period.CLOSED
    return _PERIODS.index(line.period) < _PERIODS.index(than.period)


def _filter(lines: list[_Line], query: Query) -> tuple[list[_Line], dict[str, Counter[str]]]:
    """The lines that keep to every choice; and for each facet how many lines each value has among
    those that keep to all the other choices, so that no choice shown leads to nothing."""
    chosen = [(name, values) for name, values in query.chosen.items() if values]
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    kept = []
    for line in lines:
        missed = [name for name, values in chosen if getattr(line, name) not in values]
        if not missed:
            kept.append(line)
        elif len(missed) == 1:
            counts[missed[0]][getattr(line, missed[0])] += 1
    for name in FACETS:
        counts[name].update(Counter(map(attrgetter(name), kept)))
    return kept, counts


# -- Words ----------------------------------------------------------------------------------------


def _match(offer: list[_Line], text: str) -> tuple[list[_Line], str]:
    """The lines in which every word of `text` begins a word; where a word begins none in the
    whole offer, the closest words do instead, and the second value says which."""
    words = _searched_words(text)
    if not words:
        return offer, ""
    padded = [(f" {line.words}", line) for line in offer]
    vocabulary: set[str] | None = None
    alternatives: list[list[str]] = []
    is_corrected = False
    for word in words:
        if any(f" {word}" in haystack for haystack, _line in padded):
            alternatives.append([word])
            continue
        vocabulary = vocabulary or {known for line in offer for known in line.words.split()}
        close = _closest(word, vocabulary)
        if not close:
            return [], ""
        is_corrected = True
        alternatives.append(close)
    found = [
        line
        for haystack, line in padded
        if all(any(f" {word}" in haystack for word in close) for close in alternatives)
    ]
    return found, " ".join(close[0] for close in alternatives) if is_corrected else ""


def _searched_words(text: str) -> list[str]:
    words = fold(text[:200]).split()
    return [word for word in words if word not in _SMALL_WORDS] or words


def _closest(word: str, vocabulary: Iterable[str]) -> list[str]:
    """The beginnings of words of `vocabulary` closest to `word`, which may be half typed."""
    size = len(word)
    if size < 3:
        return []
    beginnings = {
        known[:length]
        for known in vocabulary
        if len(known) >= size - 2 and not known.isdigit()
        for length in (size - 1, size, size + 1)
    }
    return get_close_matches(word, beginnings, n=3, cutoff=_CLOSE_ENOUGH)


# -- Facets and groups ----------------------------------------------------------------------------


def _facets(
    counts: dict[str, Counter[str]],
    query: Query,
    institution: Institution,
    centres: dict[str, ApplicationCentre],
    types: dict[str, DiplomaType | ProgrammeKind],
) -> list[Facet]:
    by_kind = institution.catalogue_grouping == CatalogueGrouping.KIND
    named = {
        "centre": (_("Faculty or institute"), _labels(centres)),
        "type": (_("Kind of programme") if by_kind else _("Type of diploma"), _labels(types)),
        "period": (_("Applications"), [(period.value, str(period.label)) for period in _PERIODS]),
        "procedure": (
            _("Dossier"),
            [(ONLINE, _("Paperless dossier")), (PAPER, _("Paper dossier"))],
        ),
    }
    if institution.catalogue_grouping == CatalogueGrouping.NONE:
        del named["type"]
    facets = []
    for name, (label, values) in named.items():
        chosen = query.chosen.get(name, frozenset())
        choices = [
            Choice(rank, value, shown, counts[name][value], value in chosen)
            for rank, (value, shown) in enumerate(values, start=1)
            if counts[name][value] or value in chosen
        ]
        facets.append(Facet(name, label, choices))
    return facets


def _labels(rows: dict) -> list[tuple[str, str]]:
    return sorted(((code, str(row)) for code, row in rows.items()), key=lambda pair: fold(pair[1]))


def _groups(
    lines: list[_Line],
    centres: dict[str, ApplicationCentre],
    types: dict[str, DiplomaType | ProgrammeKind],
) -> list[Group]:
    intakes = Intake.objects.with_offer().in_bulk([line.intake_id for line in lines])
    groups: list[Group] = []
    for line in lines:
        centre, kind = centres[line.centre], types.get(line.type)
        last = groups[-1] if groups else None
        if last is None or (last.centre, last.type) != (centre, kind):
            last = Group(centre, kind, last is None or last.centre != centre, [])
            groups.append(last)
        last.intakes.append(intakes[line.intake_id])
    return groups


def _alphabetical(centres: dict, types: dict) -> Callable[[_Line], tuple[int, int, str]]:
    """Centre, then type of diploma with the programmes of none at the end, then programme, whose
    searched words begin with its name."""
    centre_rank = {code: rank for rank, (code, _label) in enumerate(_labels(centres))}
    type_rank = {code: rank for rank, (code, _label) in enumerate(_labels(types))}

    def key(line: _Line) -> tuple[int, int, str]:
        return (
            centre_rank[line.centre],
            type_rank.get(line.type, len(type_rank)),
            line.words,
        )

    return key


def _types(institution: Institution, codes: set[str]) -> dict[str, DiplomaType | ProgrammeKind]:
    if institution.catalogue_grouping == CatalogueGrouping.NONE:
        return {}
    by_kind = institution.catalogue_grouping == CatalogueGrouping.KIND
    return _by_code(ProgrammeKind if by_kind else DiplomaType, codes - {""})


def _by_code(model: Any, codes: set[str]) -> dict:
    return {row.code: row for row in model.objects.filter(code__in=codes)}


# -- Keeping the searched words -------------------------------------------------------------------


def refresh_search_text(programmes: Iterable[Programme] | None = None) -> int:
    """Write the searched words of `programmes` anew (of all when None): after a centre or a type
    was renamed, or programmes were made in bulk. Returns how many changed."""
    if programmes is None:
        programmes = Programme.objects.select_related("commission__centre", "diploma_type", "kind")
    changed = []
    for programme in programmes:
        words = programme.words()
        if words != programme.search_text:
            programme.search_text = words
            changed.append(programme)
    Programme.objects.bulk_update(changed, ["search_text"], batch_size=500)
    return len(changed)
