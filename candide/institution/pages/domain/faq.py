"""Questions and answers on the assistance page (« FAQ »)."""

from django.db.models import QuerySet

from candide.core.text import fold
from candide.institution.pages.models import FaqEntry


def find_entries(words: str = "") -> QuerySet[FaqEntry]:
    """The entries shown, in the order staff gave them, that hold every word of `words` in any
    language; accents, case and punctuation do not matter [ASSIST-02]."""
    entries = FaqEntry.objects.filter(is_active=True)
    for word in fold(words).split():
        entries = entries.filter(search_text__contains=word)
    return entries.order_by("position", "pk")
