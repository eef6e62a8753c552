"""What the register calls personal fields that stand in no form, and so have no label."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_WHO = _("who did it")
_WHOSE = _("whose it is")
_FILE = _("the file")
_TEXT = _("the text")
WORDS: dict[str, Any] = {
    **dict.fromkeys(
        (
            *("added_by", "agreed_by", "answered_by", "asked_by", "author", "cancelled_by"),
            *("checked_by", "created_by", "given_by", "loaded_by", "made_by", "opened_by"),
            *(
                "planned_by",
                "read_by",
                "reader_id",
                "released_by",
                "revoked_by",
                "settled_by",
                "withdrawn_by",
            ),
        ),
        _WHO,
    ),
    **dict.fromkeys(
        (
            *("account_id", "application", "candidate", "for_user_id", "holder", "merged_into"),
            *("one", "other", "owner", "user"),
        ),
        _WHOSE,
    ),
    **dict.fromkeys(("file", "letter", "pdf", "receipt", "version"), _FILE),
    **dict.fromkeys(("html", "says", "subject", "text", "title"), _TEXT),
    **dict.fromkeys(("answers", "data", "details", "lines", "value", "values"), _("the contents")),
    **dict.fromkeys(("last_error", "notes", "report", "tries"), _("how it went")),
    **dict.fromkeys(("head", "search_text", "tail"), _("words it is found by")),
    **dict.fromkeys(("copy_to", "domain", "email", "reply_to", "to"), _("mail address")),
    "code": _("code"),
    "identity": _("identity given by the institution’s sign-in"),
    "language": _("language"),
    "last_login": _("last sign-in"),
    **dict.fromkeys(("ine", "looked_up_ine"), _("INE")),
    "name": _("name of the file"),
    "own_comment": _("comment"),
    "password": _("digest of the password"),
    "reasons": _("why they look alike"),
    "reference": _("identifier of the answer"),
    "secret": _("secret of the form"),
    "session_data": _("what the session holds"),
    "work_centre": _("centre somebody works in"),
    "work_commission": _("commission somebody works in"),
}
