"""What is settled for the enrolment of one candidate: the fee, the exemption from it and its
complement, the study regime [back-office 13.1, annex 2]. None of it depends on the decision."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import ApplicationEvent, Outcome
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.reference.models import FeeExemption, StudyRegime

# What `set_fees` may change; a field that is not named stays as it is, an empty value empties it.
FEE_FIELDS = ("fee_amount", "fee_exemption", "exemption_note")
Changes = Mapping[str, Any]


# -- The fee and the exemption -------------------------------------------------------------------


def fees_blockers(application: Application, changes: Changes) -> list[Blocker]:
    """Why these changes of the fee may not be made."""
    blockers = [*_alive(application)]
    amount = changes.get("fee_amount")
    if amount is not None and amount < 0:
        message = _("An amount cannot be negative.")
        blockers.append(Blocker("negative", message, "field:fee_amount"))
    exemption: FeeExemption | None = changes.get("fee_exemption")
    if exemption and not exemption.is_active and exemption.pk != application.fee_exemption_id:
        message = _("“%(row)s” is out of service.") % {"row": exemption}
        blockers.append(Blocker("out_of_service", message, "field:fee_exemption"))
    return blockers


def fees_warnings(application: Application, changes: Changes) -> list[Blocker]:
    """What is unwise about them: shown before confirming."""
    is_admitted = application.released_outcome == Outcome.FAVOURABLE
    if not is_admitted or not changed_fees(application, changes):
        return []
    message = _("The admission was released: its mail and its letter say what was known then.")
    return [Blocker("released", message)]


def changed_fees(application: Application, changes: Changes) -> dict[str, Any]:
    """Of `changes` those that differ from what is there, as they are stored."""
    wanted = {name: changes[name] for name in FEE_FIELDS if name in changes}
    if "exemption_note" in wanted:
        wanted["exemption_note"] = " ".join((wanted["exemption_note"] or "").split())
    return {name: value for name, value in wanted.items() if getattr(application, name) != value}


@transaction.atomic
def set_fees(
    application: Application, changes: Changes, *, by: Any, seen: str | None = None
) -> None:
    """Enter the fee, the exemption and its complement (« saisir les droits d’inscription »); no
    mail is sent. `seen` is the mark of what was looked at: if it changed since, refuses
    "changed"."""
    application = Application.objects.with_offer().locked(application.pk)
    if seen is not None and seen != fees_mark(application):
        refuse_if([_changed()])
    refuse_if(fees_blockers(application, changes))
    changed = changed_fees(application, changes)
    if not changed:
        return
    said = {name: [_plain(getattr(application, name)), _plain(changed[name])] for name in changed}
    if "exemption_note" in said:
        said["exemption_note"] = []  # that it changed, not what it says
    for name, value in changed.items():
        setattr(application, name, value)
    application.version += 1
    application.save(update_fields=[*changed, "version"])
    log(application, ApplicationEvent.FEES_SET, by=by, fees=said)


def fees_mark(application: Application) -> str:
    """What a page sends back to say which fee it showed."""
    amount = "" if application.fee_amount is None else f"{application.fee_amount:.2f}"
    return f"{amount}|{application.fee_exemption_id or ''}|{application.exemption_note}"


# -- The regime ----------------------------------------------------------------------------------


def regime_blockers(application: Application, regime: StudyRegime | None) -> list[Blocker]:
    """Why this regime may not be entered; None takes the one that is there away."""
    blockers = [*_alive(application)]
    if regime and not regime.is_active and regime.pk != application.study_regime_id:
        message = _("“%(row)s” is out of service.") % {"row": regime}
        blockers.append(Blocker("out_of_service", message, "field:study_regime"))
    return blockers


@transaction.atomic
def set_regime(
    application: Application, regime: StudyRegime | None, *, by: Any, seen: str | None = None
) -> None:
    """Enter under which regime the candidate will enrol (« saisir le régime »). `seen` as in
    `set_fees`."""
    application = Application.objects.with_offer().locked(application.pk)
    if seen is not None and seen != regime_mark(application):
        refuse_if([_changed()])
    refuse_if(regime_blockers(application, regime))
    if application.study_regime == regime:
        return
    before = application.study_regime
    application.study_regime = regime
    application.version += 1
    application.save(update_fields=["study_regime", "version"])
    log(
        application,
        ApplicationEvent.REGIME_SET,
        by=by,
        regimes=[_plain(before), _plain(regime)],
    )


def regime_mark(application: Application) -> str:
    return str(application.study_regime_id or "")


# -- What both share -----------------------------------------------------------------------------


def in_euros(amount: Decimal | None) -> str:
    """An amount as people read it; a dash for none."""
    return "–" if amount is None else f"{number_format(amount, 2)} €"


def _alive(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))


def _changed() -> Blocker:
    message = _("Somebody changed this meanwhile. Look at it before you go on.")
    return Blocker("changed", message)


def _plain(value: Any) -> str | None:
    """What history keeps: an amount, the code of a row."""
    if value is None:
        return None
    return f"{value:.2f}" if isinstance(value, Decimal) else str(getattr(value, "code", value))
