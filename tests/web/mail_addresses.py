"""The table of permissions for mails: their texts are set up by administrators, those of a centre
by its managers; those about an application are seen by who sees it."""

from typing import Any

from candide.institution.mails.models import OutgoingMail
from tests.web.actors import ADMIN, FORBIDDEN, IN, NOT_FOUND, ROW, SCREEN, SIGN_IN, STAFF

CODE = "application-created"
MAILS_OF_STAFF: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("staff:mail_texts", "staff:mail_text"), SCREEN),
    "staff:mail_text_reset": ADMIN,
    **dict.fromkeys(("staff:mail_text_of_centre", "staff:mail_text_of_centre_reset"), ROW),
    "staff:outbox": STAFF,
    "staff:mail": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, IN, IN),
    "staff:mail_retry": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, NOT_FOUND, IN),
    "staff:mails_retry": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, FORBIDDEN, IN),
}


def mail_addresses(application: Any) -> dict[str, dict[str, Any]]:
    """What the addresses of these pages name: a mail about `application`, a text of its centre."""
    mail = OutgoingMail.objects.filter(about_id=application.pk).earliest("pk")
    centre = application.intake.programme.commission.centre_id
    return {
        **{f"staff:mail_text{page}": {"code": CODE} for page in ("", "_reset")},
        **{
            f"staff:mail_text_of_centre{page}": {"code": CODE, "pk": centre}
            for page in ("", "_reset")
        },
        **{f"staff:mail{page}": {"pk": mail.pk} for page in ("", "_retry")},
    }
