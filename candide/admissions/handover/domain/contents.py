"""What the student system is told of somebody, read from the living file [5.7.1, 5.7.3], and what
is missing in it."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.baccalaureate import OPTIONS, SPECIALITIES
from candide.admissions.candidates.models import Address, Baccalaureate, Candidate
from candide.admissions.handover.enums import TOLD, HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.core.blockers import Blocker
from candide.institution.catalogue.models import Institution
from candide.institution.reference.models import ReferenceRow
from candide.integrations.sis.port import (
    Enrolling,
    Student,
    StudentAddress,
    StudentBaccalaureate,
    StudentSystem,
    Wish,
)


def missing(row: PreEnrolment, *, system: StudentSystem, today: date) -> list[Blocker]:
    """Why `row` cannot be told to the student system as things are; a withdrawal always can."""
    if row.state == HandoverState.TO_WITHDRAW:
        return []
    return [*_programme(row), *_person(row.application.candidate, system, today)]


def _programme(row: PreEnrolment) -> Iterator[Blocker]:
    if not row.application.intake.programme.sis_code:
        message = _("The programme has no code in the student system: enter it in the settings.")
        yield Blocker("no_programme_code", message)


def _person(candidate: Candidate, system: StudentSystem, today: date) -> Iterator[Blocker]:
    if system.makes_files and not _address(candidate):
        yield Blocker("no_address", _("The candidate has no address."))
    baccalaureate = _baccalaureate(candidate)
    if baccalaureate is None:
        yield Blocker("no_baccalaureate", _("The candidate’s baccalaureate is not filled in."))
    elif baccalaureate.year and baccalaureate.year > today.year:
        yield Blocker("future_baccalaureate", _("The year of the baccalaureate is in the future."))


def code_of(candidate: Candidate, *, system: StudentSystem, institution: Institution) -> str:
    """What somebody enrols with, unless the system says otherwise: files know the number alone."""
    prefix = "" if system.makes_files else institution.handover_prefix
    return f"{prefix}{candidate.user.file_number}"[:10]


def everybody(
    rows: Iterable[PreEnrolment], *, system: StudentSystem, institution: Institution
) -> list[Enrolling]:
    """The people of these rows, which are the news, with what stands of them since earlier: of
    campaigns in service, or of that of the news. Last year's wishes are no wishes any more."""
    news = {row.pk: row for row in rows}
    told_of = {
        (row.application.candidate_id, row.application.intake.campaign_id) for row in news.values()
    }
    candidates = sorted({row.application.candidate_id for row in news.values()})
    everything = (
        PreEnrolment.objects.with_offer()
        .filter(application__candidate__in=candidates)
        .select_related(
            "application__study_regime",
            "application__fee_exemption",
            "application__candidate__birth_country",
            "application__candidate__birth_department",
            "application__candidate__birth_commune",
            "application__candidate__nationality",
            "application__candidate__address__country",
            "application__candidate__address__commune",
            "application__candidate__baccalaureate__series",
            "application__candidate__baccalaureate__honours",
            "application__candidate__baccalaureate__department",
            "application__candidate__baccalaureate__school__department",
            *(f"application__candidate__baccalaureate__{name}" for name in SPECIALITIES),
            *(f"application__candidate__baccalaureate__{name}" for name in OPTIONS),
        )
        .order_by("application__candidate", "pk")
    )
    wishes: dict[int, list[PreEnrolment]] = {}
    for row in everything:
        application = row.application
        place = (application.candidate_id, application.intake.campaign_id)
        stands = row.state in TOLD and (application.archived_at is None or place in told_of)
        if row.pk in news or stands:
            wishes.setdefault(row.application.candidate_id, []).append(row)
    return [
        _enrolling(told, news, system=system, institution=institution) for told in wishes.values()
    ]


def _enrolling(
    rows: list[PreEnrolment],
    news: dict[int, PreEnrolment],
    *,
    system: StudentSystem,
    institution: Institution,
) -> Enrolling:
    candidate = rows[0].application.candidate
    known = next((row.code for row in rows if row.code), "")
    return Enrolling(
        file_number=str(candidate.user.file_number),
        code=known or code_of(candidate, system=system, institution=institution),
        person=_student(candidate, with_address=institution.handover_address or system.makes_files),
        birth_commune=candidate.birth_commune.insee if candidate.birth_commune else "",
        wishes=tuple(_wish(news.get(row.pk, row), row, is_news=row.pk in news) for row in rows),
    )


def _wish(told: PreEnrolment, row: PreEnrolment, *, is_news: bool) -> Wish:
    """`told` says what the worker claimed; `row` has what it is about."""
    application = row.application
    programme = application.intake.programme
    return Wish(
        reference=told.reference,
        key=told.key,
        campaign=application.intake.campaign.code,
        programme=programme.sis_code,
        programme_version=programme.sis_version,
        diploma=programme.sis_diploma,
        diploma_version=programme.sis_diploma_version,
        management_centre=programme.sis_management_centre,
        regime=application.study_regime.code if application.study_regime else "",
        exemption=application.fee_exemption.code if application.fee_exemption else "",
        fee=application.fee_amount,
        is_news=is_news,
        is_withdrawn=told.state == HandoverState.TO_WITHDRAW,
    )


def _student(candidate: Candidate, *, with_address: bool) -> Student:
    address = _address(candidate) if with_address else None
    baccalaureate = _baccalaureate(candidate)
    department = candidate.birth_department
    return Student(
        student_number=candidate.student_number,
        civility=candidate.civility,
        birth_name=candidate.birth_name,
        usual_name=candidate.usual_name,
        first_name=candidate.first_name,
        other_first_name=candidate.other_first_name,
        born_on=candidate.born_on,
        birth_country=candidate.birth_country.code,
        birth_department=department.code if department else "",
        birth_city=candidate.birth_city,
        nationality=candidate.nationality.code,
        ine=candidate.ine,
        email=candidate.user.email,
        phone=candidate.phone,
        mobile=candidate.mobile,
        address=_told_address(address) if address else None,
        baccalaureate=_told_baccalaureate(baccalaureate) if baccalaureate else None,
    )


def _told_address(address: Address) -> StudentAddress:
    return StudentAddress(
        country=address.country.code,
        line_1=address.line_1,
        line_2=address.line_2,
        line_3=address.line_3,
        postcode=address.postcode,
        commune=address.commune.insee if address.commune else "",
        foreign_city=address.foreign_city,
    )


def _told_baccalaureate(baccalaureate: Baccalaureate) -> StudentBaccalaureate:
    options = (getattr(baccalaureate, name) for name in OPTIONS)
    school, department = baccalaureate.school, baccalaureate.department
    return StudentBaccalaureate(
        series=baccalaureate.series.code,
        year=baccalaureate.year,
        honours=_code(baccalaureate.honours),
        department=_code(department or (school.department if school else None)),
        school=_code(school),
        options=tuple(option.code for option in options if option),
        **{name: _code(getattr(baccalaureate, name)) for name in SPECIALITIES},
    )


def _code(row: ReferenceRow | None) -> str:
    return row.code if row is not None else ""


def _address(candidate: Candidate) -> Address | None:
    return getattr(candidate, "address", None)


def _baccalaureate(candidate: Candidate) -> Baccalaureate | None:
    return getattr(candidate, "baccalaureate", None)
