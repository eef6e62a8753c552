"""A few real files that all documents of the demonstration share."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from candide.foundation.files.domain.storing import store, store_generated
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.rendering import render

PDF = "application/pdf"
SAMPLES = {
    "IDENTITE": "Pièce d’identité",
    "CV": "Curriculum vitæ",
    "NOTES-BAC": "Relevé de notes du baccalauréat",
    "NOTES": "Relevé de notes de licence",
    "MOTIVATION": "Lettre de motivation",
    "": "Document de démonstration",
}
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>
<style>@page {{ size: A4; margin: 25mm }} html {{ font: 12pt "DejaVu Sans", sans-serif }}</style>
</head><body><h1>{title}</h1><p>Document fictif de la démonstration.</p>{lines}</body></html>"""


def sample_files() -> dict[str, StoredFile]:
    """By the code of a requirement (the empty one for all others), a file to give for it."""
    return {code: _make(code, title) for code, title in SAMPLES.items()}


def _make(code: str, title: str) -> StoredFile:
    lines = "".join(f"<p>Ligne {number} de ce document.</p>" for number in range(1, 12))
    content = render(PAGE.format(title=title, lines=lines), title=title, language="fr")
    name = f"{(code or 'document').lower()}.pdf"
    return store([SimpleUploadedFile(name, content, PDF)], by=None)


def template_of(title: str) -> StoredFile:
    """A form to print, fill in and give back."""
    lines = "".join(f"<p>{what} : ………………………………</p>" for what in ("Nom", "Fonction", "Avis"))
    content = render(PAGE.format(title=title, lines=lines), title=title, language="fr")
    return store_generated(
        content, name=f"modele-{slugify(title)}.pdf", media_type=PDF, pages=1, by=None
    )
