"""Two accounts side by side: what each says, field by field, and what a merge would keep."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.domain.phones import shown_phone
from candide.admissions.candidates.enums import Civility
from candide.admissions.candidates.models import Address, Baccalaureate, Candidate
from candide.core.deadlines import long_date
from candide.institution.accounts.models import User


@dataclass(frozen=True)
class Field:
    """Something of which one value stays: the columns that hold it, and how it is read."""

    name: str
    label: Any
    columns: tuple[str, ...]
    text: Callable[[Any], str]
    is_of_account: bool = False


def _plain(name: str) -> Callable[[Any], str]:
    return lambda row: str(getattr(row, name) or "")


def _birthplace(row: Candidate) -> str:
    return f"{row.birth_city} ({row.birth_department or row.birth_country})"


FIELDS = (
    Field("email", _("E-mail address"), ("email",), _plain("email"), is_of_account=True),
    Field(
        "student_number",
        _("Student number"),
        ("student_number",),
        _plain("student_number"),
        is_of_account=True,
    ),
    Field(
        "account_name",
        _("Name of the account"),
        ("last_name", "first_name"),
        lambda user: f"{user.last_name} {user.first_name}".strip(),
        is_of_account=True,
    ),
    Field("civility", _("Civility"), ("civility",), lambda row: str(Civility(row.civility).label)),
    Field("birth_name", _("Birth name"), ("birth_name",), _plain("birth_name")),
    Field("usual_name", _("Usual name"), ("usual_name",), _plain("usual_name")),
    Field("first_name", _("First name"), ("first_name",), _plain("first_name")),
    Field(
        "other_first_name",
        _("Other first name"),
        ("other_first_name",),
        _plain("other_first_name"),
    ),
    Field("born_on", _("Date of birth"), ("born_on",), lambda row: long_date(row.born_on)),
    Field(
        "birthplace",
        _("Place of birth"),
        ("birth_country", "birth_department", "birth_commune", "birth_city"),
        _birthplace,
    ),
    Field(
        "nationality",
        _("Nationality"),
        ("nationality",),
        lambda row: str(row.nationality.nationality_label),
    ),
    Field("ine", _("INE"), ("ine",), _plain("ine")),
    Field("phone", _("Telephone"), ("phone",), lambda row: shown_phone(row.phone)),
    Field("mobile", _("Mobile telephone"), ("mobile",), lambda row: shown_phone(row.mobile)),
)
# What stays or goes as a whole.
BLOCKS: dict[str, Any] = {"address": Address, "baccalaureate": Baccalaureate}
BLOCK_LABELS = {"address": _("Address"), "baccalaureate": _("Baccalaureate")}


@dataclass(frozen=True)
class Line:
    """One field of both accounts. `takes_other`: the merge would take the value of the account
    that is closed."""

    name: str
    label: Any
    kept: str
    gone: str
    takes_other: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.gone

    @property
    def is_choice(self) -> bool:
        """Whether somebody has to choose: both say something, and not the same."""
        return bool(self.kept and self.gone and self.differs)

    @property
    def result(self) -> str:
        return self.gone if self.takes_other else self.kept


def text_of(field: Field, user: User, file: Candidate | None) -> str:
    """What the account or the file says; nothing where there is no file."""
    row = user if field.is_of_account else file
    return "" if row is None else field.text(row)


def block_text(name: str, file: Candidate | None) -> str:
    """An address or a baccalaureate on one line."""
    row = BLOCKS[name]._default_manager.filter(candidate=file).first() if file else None
    if row is None:
        return ""
    if isinstance(row, Address):
        return ", ".join(row.lines)
    return " ".join(
        str(part) for part in (row.series, row.year, row.school or row.school_name) if part
    )


def compare(
    kept: User,
    gone: User,
    *,
    take: Collection[str] = (),
) -> list[Line]:
    """Both accounts line by line. Where only one says something, that stays."""
    files = {
        file.user_id: file
        for file in Candidate.objects.with_file().filter(user__in=(kept, gone)).order_by("pk")
    }
    one, other = files.get(kept.pk), files.get(gone.pk)
    lines = [
        _line(field.name, field.label, text_of(field, kept, one), text_of(field, gone, other), take)
        for field in FIELDS
    ]
    return lines + [
        _line(name, BLOCK_LABELS[name], block_text(name, one), block_text(name, other), take)
        for name in BLOCKS
    ]


def _line(name: str, label: Any, kept: str, gone: str, take: Collection[str]) -> Line:
    takes_other = bool(gone) and (name in take or not kept)
    return Line(name, label, kept, gone, takes_other)
