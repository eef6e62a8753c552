"""Messages the institution shows to everybody (« message d'accueil »)."""

from candide.institution.pages.models import Notice


def notice_for(place: Notice.Place) -> str:
    """The text shown in `place`, in the language of the reader; empty when there is none
    [HOME-02]."""
    notice = Notice.objects.filter(place=place, is_active=True).first()
    return str(notice.text).strip() if notice else ""
