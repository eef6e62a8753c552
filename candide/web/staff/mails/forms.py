"""The form of the text of a mail, and of a decision mail."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker
from candide.institution.mails.domain.texts import text_blockers, text_warnings
from candide.institution.mails.kinds import Mail, Text, in_language
from candide.institution.mails.models import MailTemplate
from candide.web.staff.settings.forms import SettingForm

ROWS = 18


class MailTextForm(SettingForm):
    """What a mail says, a control for each language. `kind` is the kind of mail it is."""

    class Meta(SettingForm.Meta):
        model = MailTemplate
        fields = ("is_enabled", "subject", "body")

    def __init__(self, *args: Any, kind: type[Mail] | None = None, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def narrow(self) -> None:
        for control in self.fields["body"].widget.widgets:
            control.attrs["rows"] = ROWS
        if self.kind is not None and self.kind.is_required:
            self.fields["is_enabled"].disabled = True
            self.fields["is_enabled"].help_text = _(
                "This mail cannot be switched off: without it nobody could sign in."
            )

    def kind_of_it(self) -> type[Mail] | None:
        """The kind it is a text of; None while that is not chosen."""
        return self.kind

    def texts(self) -> list[Text]:
        """What was typed, or stands there, in each language that says something."""
        self.is_valid()
        found = (in_language(self.instance, language) for language, _name in settings.LANGUAGES)
        return [text for text in found if text is not None]

    def blockers(self) -> list[Blocker]:
        kind = self.kind_of_it()
        if kind is None:
            return []
        subject, body = words(self.instance.subject), words(self.instance.body)
        is_enabled = self.instance.is_enabled
        return [
            replace(each, about=f"field:{each.about.partition(':')[0] or 'is_enabled'}")
            for each in text_blockers(kind, subject=subject, body=body, is_enabled=is_enabled)
        ]

    def warnings(self) -> list[Blocker]:
        kind = self.kind_of_it()
        if kind is None:
            return []
        subject, body = words(self.instance.subject), words(self.instance.body)
        return text_warnings(kind, subject=subject, body=body)


def words(text: Any) -> dict[str, str]:
    """A translated text by language."""
    data = text.data if isinstance(text, LazyI18nString) else text
    if isinstance(data, dict):
        return {language: value or "" for language, value in data.items()}
    return {settings.LANGUAGE_CODE: data or ""}
