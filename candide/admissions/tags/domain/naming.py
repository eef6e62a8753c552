"""What a tag may be called."""

from django.db.models import Q
from django.utils.translation import gettext as _

from candide.admissions.tags.models import Tag
from candide.core.blockers import Blocker


def naming_blockers(tag: Tag) -> list[Blocker]:
    """Two tags an application may have are never called alike: neither two of a centre, nor one of
    a centre and one of the institution."""
    others = Tag.objects.exclude(pk=tag.pk).filter(label__iexact=tag.label)
    if tag.centre_id is not None:
        others = others.filter(Q(centre=None) | Q(centre=tag.centre_id))
    other = others.select_related("centre").first()
    if other is None:
        return []
    owner = other.centre or _("The whole institution")
    message = _("There is a tag of this name already: %(owner)s.") % {"owner": owner}
    return [Blocker("called_alike", message, "field:label")]
