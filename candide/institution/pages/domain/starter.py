"""The texts a new installation begins with. Staff edit them afterwards; nothing here ever
overwrites what they changed."""

import re
from pathlib import Path

from django.db import transaction
from i18nfield.strings import LazyI18nString

from candide.core.starting import begins_with
from candide.institution.pages.models import FaqEntry

_FOLDER = Path(__file__).resolve().parent.parent / "starter"
_ENTRY = re.compile(r"^# (?P<code>[a-z-]+) : (?P<question>.+)$", re.MULTILINE)
LANGUAGES = ["fr", "en"]


@begins_with
def begin_with_faq() -> None:
    """A new installation begins with our questions; one that has any keeps to its own, also to
    what staff deleted."""
    if not FaqEntry.objects.exists():
        add_starter_faq()


@transaction.atomic
def add_starter_faq() -> int:
    """Add the questions and answers that are not there yet, by their code; how many were added."""
    texts = {language: starter_faq(language) for language in LANGUAGES}
    known = set(FaqEntry.objects.values_list("code", flat=True))
    added = 0
    for position, code in enumerate(texts["fr"], start=1):
        if code in known:
            continue
        question = {language: texts[language][code][0] for language in LANGUAGES}
        answer = {language: texts[language][code][1] for language in LANGUAGES}
        FaqEntry.objects.create(
            code=code,
            position=position * 10,
            question=LazyI18nString(question),
            answer=LazyI18nString(answer),
        )
        added += 1
    return added


def starter_faq(language: str) -> dict[str, tuple[str, str]]:
    """(question, answer) by code, in the order of the file."""
    text = (_FOLDER / f"faq.{language}.md").read_text(encoding="utf-8")
    heads = list(_ENTRY.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {
        head["code"]: (head["question"].strip(), text[head.end() : end].strip())
        for head, end in zip(heads, ends, strict=True)
    }
