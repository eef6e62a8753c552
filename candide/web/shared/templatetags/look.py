"""Template tags of the layout and the components."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    ngettext,
    pgettext_lazy,
)

from candide.admissions.applications.domain.stage import Stage
from candide.admissions.applications.domain.track import Step
from candide.core.blockers import Blocker
from candide.core.deadlines import Deadline
from candide.core.templatetags import candide as core
from candide.core.templatetags.candide import file_size, icon, long_date
from candide.institution.catalogue.domain.languages import languages_in_service
from candide.institution.catalogue.models import Institution, TacitThreshold
from candide.web.shared import links, statuses, theme

register = template.Library()


@register.simple_tag(takes_context=True)
def current_page(context: Context, url: str, exact: str = "") -> SafeString:
    """Marks the entry of a menu that leads to this page, or (unless `exact`) to the section it is
    in."""
    path = context["request"].path
    if path == url:
        return mark_safe(' aria-current="page"')
    if not exact and url.count("/") > 1 and path.startswith(url):
        return mark_safe(' aria-current="true"')
    return mark_safe("")


@register.simple_tag(takes_context=True)
def is_in_menu(context: Context, page: str) -> bool:
    """Whether the institution shows this entry: those who set it up have all of them."""
    hidden = Institution.current().hidden_entries
    if page not in hidden:
        return True
    return context["request"].user.has_perm("catalogue.manage_institution")


@register.simple_tag
def offered_languages() -> list[tuple[str, str]]:
    """The languages a page may be read in."""
    return languages_in_service()


@register.simple_tag
def theme_url(institution: Any) -> str:
    """The stylesheet with the institution's colours; its address changes when they do."""
    colour = institution.primary_colour
    return reverse("shared:theme", args=[colour.removeprefix("#"), theme.version(colour)])


# What a page draws many times is kept as drawn. The texts are escaped before they are looked up: a
# text that is markup and an equal one that is not must never stand for one another.


@register.simple_tag
def status_mark(kind: str, value: str | Stage | None, word: str = "") -> SafeString:
    """A status, the same everywhere: its icon, its word or `word`, its colour. `kind` is one of
    `statuses.ENUMS`, or "stage" for what `stage(application)` gave."""
    look = statuses.look(kind, value)
    return _status_mark(look.tone, look.icon, conditional_escape(word or look.word))


@register.simple_tag
def tacit_mark(threshold: TacitThreshold) -> SafeString:
    """The mark of an application that waits for long: its words, its colour."""
    return _status_mark(threshold.tone, "alarm-clock", conditional_escape(threshold.label))


@lru_cache(maxsize=512)
def _status_mark(tone: str, icon_name: str, word: SafeString) -> SafeString:
    kind = f"candide-status candide-tone-{tone}"
    return format_html('<span class="{}">{} {}</span>', kind, icon(icon_name), word)


# The state of a step: its icon and how large, its word.
_STEP_STATES = {
    "done": ("check", 16, pgettext_lazy("stage", "Done")),
    "current": ("arrow-right", 16, pgettext_lazy("stage", "In progress")),
    "stopped": ("x", 16, pgettext_lazy("stage", "Stopped")),
    "ahead": ("circle", 8, pgettext_lazy("stage", "To come")),
}


@register.inclusion_tag("shared/track.html")
def track(steps: Iterable[Step]) -> dict[str, Any]:
    """The track of an application: what `domain.track.track()` gave, or the like."""
    drawn = []
    for step in steps:
        name, size, word = _STEP_STATES[step.state]
        drawn.append(
            {
                "state": step.state,
                "label": step.label,
                "icon": icon(name, size),
                "word": word,
                "on": long_date(step.on),
            }
        )
    return {"steps": drawn}


# A component is drawn in half a dozen contexts and costs some hundred microseconds. These are drawn
# by the dozen; their components draw through them.


@register.simple_block_tag
def panel(
    content: str,
    title: str,
    *,
    icon: str = "",
    level: int | str = 2,
    id: str | None = None,
    actions: str = "",
) -> SafeString:
    """A titled part of a page: `<c-panel>` says with what."""
    return format_html(
        '<section class="candide-panel"{}><header class="candide-panel-head">'
        "<h{level}{}>{}{}</h{level}>{}</header>{}</section>",
        format_html(' id="{0}" aria-labelledby="{0}-title"', id) if id else "",
        format_html(' id="{}-title"', id) if id else "",
        format_html("{} ", core.icon(icon, 20)) if icon else "",
        title,
        format_html('<div class="candide-panel-actions">{}</div>', actions) if actions else "",
        content,
        level=level,
    )


@register.simple_block_tag
def breadcrumbs(content: str) -> SafeString:
    """Where this page is: `{% crumb %}`s, the page itself last and without an address."""
    return format_html(
        '<nav aria-label="{}"><ol class="breadcrumb">{}</ol></nav>',
        gettext("You are here"),
        content,
    )


@register.simple_block_tag
def crumb(content: str, url: str = "") -> SafeString:
    """One step of `{% breadcrumbs %}`."""
    if url:
        return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', url, content)
    return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', content)


# The state of a part of the file: its icon, its word.
_PART_STATES = {
    "complete": ("circle-check", pgettext_lazy("part of the file", "Complete")),
    "mandatory": ("circle-dot", gettext_lazy("Required, to be filled in")),
    "optional": ("circle-dashed", gettext_lazy("Optional")),
}


@register.simple_block_tag
def step(content: str, url: str, state: str = "optional", current: str = "") -> SafeString:
    """A part of a file in `<c-steps>`: `<c-step>` says with what."""
    icon_name, word = _PART_STATES[state]
    return format_html(
        '<li class="candide-step candide-step-{}"><a href="{}"{}>{} '
        '<span class="candide-step-name">{}</span> '
        '<span class="candide-step-state">{}</span></a></li>',
        state,
        url,
        format_html(' aria-current="{}"', "step") if current else "",
        icon(icon_name, 20),
        content,
        word,
    )


@register.simple_tag
def due(day: date | None, label: str = "", *, compact: bool = False) -> SafeString:
    """A deadline: `<c-deadline>` says with what."""
    found = core.deadline(day)
    if found is None:
        return mark_safe("")
    return format_html(
        '<span class="candide-deadline candide-tone-{}">{}<span>{} '
        '<time datetime="{}">{}</time> {}</span></span>',
        found.tone,
        icon(found.icon),
        label,
        found.moment,
        found.day if compact else found.words,
        _left(found),
    )


def _left(found: Deadline) -> SafeString:
    """How long there is; a script counts the last day down."""
    if found.seconds is None:
        return format_html('<span class="candide-deadline-left">({})</span>', found.left)
    return format_html(
        '<span class="candide-deadline-left" data-countdown="{}" data-words="{}" data-over="{}">'
        "{}</span>",
        found.seconds,
        gettext("(today, {h} h {m} min left)"),
        gettext("(just passed)"),
        gettext("(today, until midnight)"),
    )


@register.simple_tag
def file_line(
    name: str,
    *,
    url: str = "",
    kind: str = "",
    size: int | None = None,
    pages: int | None = None,
    on: date | None = None,
) -> SafeString:
    """A file by its name (a link when `url` is given), and what is known of it: its kind, size in
    bytes, pages, its day."""
    facts = [
        kind,
        file_size(size) if size is not None else "",
        ngettext("%(pages)d page", "%(pages)d pages", pages) % {"pages": pages} if pages else "",
        gettext("given on %(day)s") % {"day": long_date(on)} if on else "",
    ]
    return format_html(
        '{}<div class="candide-file-body"><div class="candide-file-name">{}</div>\n'
        '<ul class="candide-file-facts">{}</ul></div>',
        icon("file-text", 24),
        format_html('<a href="{}">{}</a>', url, name) if url else name,
        format_html_join("\n", "<li>{}</li>", ((fact,) for fact in facts if fact)),
    )


@register.simple_tag
def upload_field(
    label: str,
    *,
    number: str = "",
    help: str = "",
    button: str = "",
    error: str = "",
    multiple: bool = False,
    max_mb: int = 20,
) -> SafeString:
    """Choosing files: goes into a form with data-upload, method="post" and
    enctype="multipart/form-data".

    `number` tells it from others on the page; `help` says which files, how large; `button` is on
    the button that sends (shown without script, hidden while script sends at once); `error` is why
    the last ones were refused.
    """
    texts = [conditional_escape(text) for text in (label, number, help, button, error)]
    return _upload_field(get_language(), *texts, multiple, max_mb)


@lru_cache(maxsize=1024)  # a checklist draws a dozen, the same for every candidate
def _upload_field(language: str, *attributes: Any) -> SafeString:
    names = ("label", "number", "help", "button", "error", "multiple", "max_mb")
    return render_to_string("shared/upload_field.html", dict(zip(names, attributes, strict=True)))


@register.simple_tag
def save_state() -> SafeString:
    """`<c-save-state>` before anything was saved: the same below every question."""
    return _save_state(get_language())


@lru_cache(maxsize=16)
def _save_state(language: str) -> SafeString:
    return render_to_string("cotton/save_state.html")


@register.inclusion_tag("shared/blockers.html")
def blockers(
    blockers: Iterable[Blocker] | None, *, title: str = "", level: str = "error", live: Any = ""
) -> dict[str, Any]:
    """Why an action is not possible: `<c-blockers>` says with what."""
    return {
        "blockers": [(links.blocker_url(each), each.message) for each in blockers or ()],
        "title": title,
        "level": level,
        "live": live,
    }


@register.simple_tag
def blocker_url(blocker: Blocker) -> str:
    return links.blocker_url(blocker)
