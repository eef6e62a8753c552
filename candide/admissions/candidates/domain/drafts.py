"""What was typed into a section and could not be saved: kept, so that it comes back."""

from typing import Any

from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import SectionDraft

LONGEST_VALUE = 5000


def keep_draft(
    user: Any, *, section: Section, values: dict[str, str], version: int = 0, item: str = ""
) -> SectionDraft:
    """Keep the raw `values` of a form that is not valid (yet), with the version it was shown at."""
    kept = {name: value[:LONGEST_VALUE] for name, value in values.items()}
    draft, _created = SectionDraft.objects.update_or_create(
        user=user, section=section, item=item, defaults={"values": kept, "version": version}
    )
    return draft


def draft_of(user: Any, *, section: Section, item: str = "") -> SectionDraft | None:
    return SectionDraft.objects.filter(user=user, section=section, item=item).first()


def drop_draft(user: Any, *, section: Section, item: str = "") -> None:
    """Forget what was typed: it has been saved, or the person gave it up."""
    SectionDraft.objects.filter(user=user, section=section, item=item).delete()
