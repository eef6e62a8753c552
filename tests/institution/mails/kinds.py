"""Mails only tests send. Not registered: staff pages and other tests never meet them."""

from types import SimpleNamespace

from django.utils import timezone
from django.utils.formats import date_format

from candide.institution.mails.kinds import Mail, Placeholder

LINK = "https://candide.test/compte/activer/abc_def"


class Invitation(Mail):
    """An invitation to Alix, whose fields are the answers to the questions a mail is asked."""

    code = "invitation"
    title = "Invitation"
    placeholders = (
        Placeholder("prenom", "prénom", "Alix"),
        Placeholder("lien", "lien", LINK, is_link=True),
        Placeholder("le", "date", "15 mars 2027"),
        Placeholder("motif", "motif", ""),
    )

    def __init__(self, **answers) -> None:
        self.answers = SimpleNamespace(
            **{
                "to": ["alix@example.org"],
                "copies": [],
                "reply_to": "",
                "language": "fr",
                "centre": None,
                "template": None,
                "about": None,
                "for_user": None,
                "attachments": [],
                "prenom": "Alix",
                **answers,
            }
        )

    def recipients(self):
        return self.answers.to

    def copies(self):
        return self.answers.copies

    def reply_to(self):
        return self.answers.reply_to

    def language(self):
        return self.answers.language

    def centre(self):
        return self.answers.centre

    def template(self):
        return self.answers.template

    def about(self):
        return self.answers.about

    def for_user(self):
        return self.answers.for_user

    def attachments(self):
        return self.answers.attachments

    def values(self):
        return {
            "prenom": self.answers.prenom,
            "lien": LINK,
            "le": date_format(timezone.localdate(), "DATE_FORMAT"),
            "motif": None,
        }


class SecretInvitation(Invitation):
    is_secret = True
    is_urgent = True


class RequiredInvitation(Invitation):
    is_required = True
