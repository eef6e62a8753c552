"""« Mails type de décision » : texts that types of decision choose for the mail of a release
[back-office 11.4, 24.4]."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.outcomes import POLICIES, policy_of
from candide.admissions.decisions.mails import DecisionMail
from candide.admissions.decisions.models import DecisionType
from candide.core.blockers import Blocker
from candide.institution.mails.kinds import in_language
from candide.institution.mails.models import MailTemplate


def decision_kinds() -> dict[str, type[DecisionMail]]:
    """The kinds of mails that announce a decision, by code, in the order of outcomes."""
    return {POLICIES[outcome].mail.code: POLICIES[outcome].mail for outcome in Outcome}


def decision_mails() -> QuerySet[MailTemplate]:
    """Every text types of decision may choose."""
    return MailTemplate.objects.filter(kind__in=decision_kinds()).exclude(name="")


def decision_mail_blockers(row: MailTemplate) -> list[Blocker]:
    """Why `row` may not be a mail of a type of decision."""
    blockers = []
    if in_language(row, settings.LANGUAGE_CODE) is None:
        language = dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]
        message = _("%(language)s: write the subject and the text; others fall back on them.")
        blockers.append(Blocker("nothing_said", message % {"language": language}, "field:body"))
    same = decision_mails().filter(name=row.name, kind=row.kind, centre=row.centre_id)
    if row.name and same.exclude(pk=row.pk).exists():
        message = _("Another mail of this kind has this name.")
        blockers.append(Blocker("same_name", message, "field:name"))
    return blockers


def decision_mail_warnings(row: MailTemplate) -> list[Blocker]:
    """Out of service it is not sent, nor is anything in its place."""
    if row.is_enabled:
        return []
    message = _("Decisions of the type “%(type)s” will be released without a mail.")
    return [Blocker("silent", message % {"type": each}) for each in types_with(row)]


def types_with(row: MailTemplate) -> list[DecisionType]:
    """The types of decision that choose `row`."""
    return list(DecisionType.objects.filter(mail=row.pk).order_by("pk")) if row.pk else []


def deletion_blockers(row: MailTemplate) -> list[Blocker]:
    """Every type of decision that would lose its mail, by name."""
    message = _("The type of decision “%(type)s” (%(code)s) uses it.")
    return [
        Blocker("in_use", message % {"type": each, "code": each.code}) for each in types_with(row)
    ]


def chosen_mail_blockers(kind: DecisionType) -> list[Blocker]:
    """Why a type of decision may not have the mail that was chosen for it."""
    mail: Any = kind.mail
    if mail is None or not kind.outcome:
        return []
    if mail.kind != policy_of(kind.outcome).mail.code:
        message = _("This mail announces another decision than the meaning of this type.")
        return [Blocker("other_meaning", message, "field:mail")]
    if mail.centre_id not in {None, kind.centre_id}:
        message = _("This mail is of a centre: only types of the same centre use it.")
        return [Blocker("other_centre", message, "field:mail")]
    return []
