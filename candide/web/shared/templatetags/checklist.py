"""The tags that draw the documents and the questions of the checklist."""

from typing import Any

from django import template
from django.template import Context

from candide.web.shared.checklist import ChecklistPage, DocumentRow, QuestionRow

register = template.Library()


@register.inclusion_tag("shared/checklist/document.html", takes_context=True)
def checklist_document(
    context: Context, page: ChecklistPage, row: DocumentRow, *, is_answer: bool = False
) -> dict[str, Any]:
    """A document, in a context that holds nothing but it: a page draws a dozen, and every name in
    them would be looked for through all the contexts of the page.

    `is_answer`: it answers an upload, so what is to be said of it is said here, and it takes the
    focus. In a context with `is_preview` nothing of it can be used.
    """
    item, requirement = row.item, row.item.requirement
    return {
        "area": row.area,
        "application_pk": page.application.pk,
        "can_decline": row.can_decline,
        "can_remove": row.can_remove,
        "comment": item.comment,
        "destroyed_at": item.destroyed_at,
        "destroyed_after_days": requirement.destroyed_after_days,
        "file": item.file,
        "files_label": row.files_label,
        "help_text": requirement.help_text,
        "is_answer": is_answer,
        "is_from_sis": item.is_from_sis,
        "is_given_once": requirement.is_shared and page.is_paperless,
        "is_preview": context.get("is_preview", False),
        "is_requested_again": item.is_requested_again,
        "label": str(requirement.label),
        "max_mb": page.institution.max_file_mb,
        "messages": context["messages"] if is_answer else (),
        "originals": row.originals,
        "pk": str(requirement.pk),
        "refused": row.refused,
        "seen": str(item.seen or ""),
        "status": item.status,
        "submitted": item.submitted,
        "takes_files": row.takes_files,
        "template_file": requirement.template_file,
    }


@register.inclusion_tag("shared/checklist/question.html", takes_context=True)
def checklist_question(
    context: Context, row: QuestionRow, *, is_answer: bool = False
) -> dict[str, Any]:
    """A question, in a context that holds nothing but it. `is_answer`: it comes out of band, after
    the one that has it asked was saved."""
    item, question = row.item, row.item.question
    return {
        "application_pk": item.application.pk,
        "area": row.area,
        "form": row.form,
        "is_answer": is_answer,
        "is_conditional": question.is_conditional,
        "is_due": item.is_due,
        "is_preview": context.get("is_preview", False),
        "label": str(question.label),
        "pk": str(question.pk),
        "shown": row.shown,
        "status": item.status,
    }
