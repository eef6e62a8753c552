"""The letters a new installation begins with. Staff change them afterwards; nothing here ever
overwrites what they wrote."""

from django.utils import translation

from candide.admissions.decisions.domain.letter_templates import standard_template
from candide.admissions.decisions.enums import LetterKind
from candide.admissions.decisions.models import LetterTemplate
from candide.core.starting import begins_with


@begins_with
def begin_with_letters() -> None:
    """A template of each kind, for the whole institution, where there is none of that kind."""
    for kind in LetterKind:
        if not LetterTemplate.objects.filter(kind=kind).exists():
            with translation.override("fr"):
                standard_template(kind).save()
