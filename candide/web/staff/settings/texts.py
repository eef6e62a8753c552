"""The screens of what everybody reads: notices, and questions and answers [back-office 12.6]."""

from typing import Any

from django.conf import settings
from django.template.defaultfilters import truncatechars
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from candide.core.blockers import Blocker
from candide.core.deadlines import long_date
from candide.institution.access.enums import Capability
from candide.institution.pages.domain.notices import notice_blockers
from candide.institution.pages.domain.rich_text import rich_text
from candide.institution.pages.models import FaqEntry, Notice
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.forms import SettingForm

MARKDOWN = _(
    "Empty line: new paragraph; **bold**; - for a list; [words](https://address) for a link."
)


def in_every_language(text: Any, *, first_heading: int) -> list[tuple[str, Any]]:
    """How a text reads in each language that it is written in."""
    found = []
    for language, name in settings.LANGUAGES:
        with translation.override(language):
            written = str(text).strip()
        if written:
            found.append((str(name), rich_text(written, first_heading=first_heading)))
    return found


class NoticeForm(SettingForm):
    has_preview = True
    parts = ((_("When"), ("shown_from", "shown_until", "is_active")),)

    class Meta(SettingForm.Meta):
        model = Notice
        fields = ("place", "text", "position", "shown_from", "shown_until", "is_active")
        help_texts = {
            "text": MARKDOWN,
            "position": _("The smallest first, where several are shown at once."),
            "shown_from": _("Empty: at once."),
            "shown_until": _("The last day, inclusive. Empty: without end."),
        }

    def blockers(self) -> list[Blocker]:
        return notice_blockers(self.instance)

    def preview(self) -> list[tuple[str, Any]]:
        return in_every_language(self.instance.text, first_heading=3)


class FaqEntryForm(SettingForm):
    """A new entry gets a code from its question; nobody has to think of one."""

    has_preview = True

    class Meta(SettingForm.Meta):
        model = FaqEntry
        fields = ("question", "answer", "position", "is_active")
        help_texts = {
            "answer": MARKDOWN,
            "position": _("The smallest first."),
        }

    def preview(self) -> list[tuple[str, Any]]:
        return in_every_language(self.instance.answer, first_heading=4)

    def save(self, commit: bool = True) -> Any:
        if not self.instance.code:
            self.instance.code = _free_code(str(self.instance.question))
        return super().save(commit)


def _free_code(question: str) -> str:
    """A code no other entry has, made from the first words of `question`."""
    wanted = slugify(question)[:40].strip("-") or "question"
    code, number = wanted, 1
    while FaqEntry.objects.filter(code=code).exists():
        number += 1
        code = f"{wanted}-{number}"
    return code


def _days(notice: Notice) -> str:
    first = long_date(notice.shown_from) if notice.shown_from else ""
    last = long_date(notice.shown_until) if notice.shown_until else ""
    return f"{first} – {last}" if first or last else str(_("Always"))


NOTICES = Crud(
    slug="messages",
    title=_("Notices"),
    new=_("New notice"),
    help=_("On the home page, in the space of candidates, for staff, during maintenance."),
    model=Notice,
    form=NoticeForm,
    capability=Capability.MANAGE_TEXTS,
    view="pages.view",
    manage="pages.manage",
    columns=(
        Column(_("Text"), lambda row: truncatechars(str(row.text), 60) or "–"),
        Column(_("Place"), lambda row: row.get_place_display()),
        Column(_("Shown"), _days),
        Column(_("In service"), "is_active"),
    ),
    order=("place", "position", "pk"),
)
FAQ = Crud(
    slug="faq",
    title=_("Questions and answers"),
    new=_("New question"),
    help=_("What the assistance page answers, in this order."),
    model=FaqEntry,
    form=FaqEntryForm,
    capability=Capability.MANAGE_TEXTS,
    view="pages.view",
    manage="pages.manage",
    columns=(
        Column(_("Question"), str),
        Column(_("Position"), "position"),
        Column(_("In service"), "is_active"),
    ),
    order=("position", "pk"),
)
