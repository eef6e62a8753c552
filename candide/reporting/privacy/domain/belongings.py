"""Everything there is of a person: the rows that hang on their account, whichever room they are
of, what speaks of these rows by their keys, and the files. Erasing goes by it; a room that is
added is found by its foreign keys."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import SET_NULL, ForeignKey, Model, Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from candide.admissions.applications.models import Application
from candide.admissions.handover.models import Delivery, DeliveryFile, PreEnrolment
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import kind_of
from candide.foundation.files.models import StoredFile
from candide.institution.accounts.models import MailedLink, User
from candide.institution.mails.models import OutgoingMail


@dataclass
class Belongings:
    """`rows` are the keys of each model, those that are pointed at before those that point."""

    users: list[User]
    rows: dict[type[Model], set[Any]] = field(default_factory=lambda: defaultdict(set))
    files: set[int] = field(default_factory=set)

    @property
    def deliveries(self) -> set[int]:
        """Files made for the student system in which the person is, among others."""
        keys = self.of(PreEnrolment).values_list("deliveries", flat=True)
        return set(keys) - {None}

    @property
    def user_keys(self) -> set[int]:
        return self.rows[User]

    @property
    def applications(self) -> set[int]:
        return self.rows[Application]

    def of(self, model: type[Model]) -> QuerySet:
        return model._base_manager.filter(pk__in=self.rows[model])


def belongings_of(user: User) -> Belongings:
    """What is of `user`, and of the accounts merged into theirs."""
    found = Belongings(list(User.objects.filter(Q(pk=user.pk) | Q(merged_into=user))))
    _follow(found, User, {each.pk for each in found.users})
    for model in list(found.rows):
        _note_files(found, model._base_manager.filter(pk__in=found.rows[model]))
    _note_files(found, delivered_with(found))
    _note_files(found, mails_of(found))
    _note_files(found, attachments_of(found))
    own = StoredFile.objects.unreferenced().filter(created_by__in=found.user_keys)
    found.files |= set(own.values_list("pk", flat=True))
    return found


def _follow(found: Belongings, model: type[Model], keys: Iterable[Any]) -> None:
    """Note these rows and all that hangs on them, unless it only names them (SET_NULL)."""
    new = set(keys) - found.rows[model]
    if not new:
        return
    found.rows[model] |= new
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or not relation.field.concrete:
            continue
        if relation.many_to_many or relation.on_delete is SET_NULL:  # type: ignore[attr-defined]
            continue
        pointing: Any = relation.related_model
        rows = pointing._base_manager.filter(**{f"{relation.field.name}__in": new})
        _follow(found, pointing, rows.values_list("pk", flat=True))


def _note_files(found: Belongings, rows: QuerySet) -> None:
    """The files these rows point at."""
    for each in rows.model._meta.concrete_fields:
        if isinstance(each, ForeignKey) and each.related_model is StoredFile:
            keys = rows.order_by().values_list(each.attname, flat=True)
            found.files |= set(keys) - {None}


def addresses_of(found: Belongings) -> set[str]:
    """Those the person has proved to read. One that was only asked for may be anybody's."""
    links = MailedLink.objects.filter(user__in=found.user_keys, used_at__isnull=False)
    proved = links.exclude(email="").values_list("email", flat=True)
    return {user.email for user in found.users} | set(proved)


def mails_of(found: Belongings) -> QuerySet[OutgoingMail]:
    """Mails for the person, about any of these rows, or, for and about nobody, to an address of
    theirs."""
    unsaid = Q(for_user_id=None, about_id=None, to__in=addresses_of(found))
    wanted = Q(for_user_id__in=found.user_keys) | unsaid
    for model, keys in found.rows.items():
        wanted |= Q(about_type=model._meta.label_lower, about_id__in=keys)
    return OutgoingMail.objects.filter(wanted)


def attachments_of(found: Belongings) -> QuerySet:
    relation = OutgoingMail._meta.get_field("attachments")
    return relation.related_model._base_manager.filter(mail__in=mails_of(found).values("pk"))  # type: ignore[union-attr]


def delivered_with(found: Belongings) -> QuerySet[DeliveryFile]:
    """The files for the student system in which the person is."""
    return DeliveryFile.objects.filter(delivery__in=found.deliveries)


def downloads_with(found: Belongings) -> list[Download]:
    """Files somebody asked for in which the person is, or that the person asked for. They live a
    week, so there are few."""
    return [
        download
        for download in Download.objects.select_related("file", "asked_by").order_by("pk")
        if download.asked_by_id in found.user_keys or _is_inside(download, found)
    ]


def _is_inside(download: Download, found: Belongings) -> bool:
    model = kind_of(download).reach(download.asked_by).model
    keys = found.deliveries if model is Delivery else found.rows.get(model, set())
    return not keys.isdisjoint(download.subjects)
