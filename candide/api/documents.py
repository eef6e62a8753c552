"""The documents of an application: what was given, and the files."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candide.admissions.applications.domain.asked import RequestedDocument, requested_documents
from candide.admissions.applications.domain.documents import file_service_blockers
from candide.admissions.applications.enums import ItemStatus
from candide.api.errors import answers_with
from candide.api.lists import Asked, Texts, asked
from candide.api.readings import note_one
from candide.api.tokens import application_of, scoped
from candide.core.blockers import refuse_if
from candide.foundation.files.domain.blobs import open_file, serving_blockers
from candide.institution.tokens.enums import Scope
from candide.reporting.privacy.enums import Opened


class FileShape(serializers.Serializer):
    """A file as it is worked with: what was uploaded, made one PDF."""

    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    page_count = serializers.IntegerField(allow_null=True)
    scan_status = serializers.CharField(help_text="What the antivirus says of it.")


class DocumentShape(serializers.Serializer):
    """A document the application is asked for, and what was given."""

    requirement = serializers.IntegerField(source="requirement.pk")
    code = serializers.CharField(source="requirement.code")
    label = Texts(source="requirement.label")
    is_internal = serializers.BooleanField(help_text="Staff alone see and give it.")
    is_from_sis = serializers.BooleanField(help_text="It came from the student system.")
    status = serializers.ChoiceField(choices=ItemStatus.choices)
    comment = serializers.CharField()
    given_at = serializers.SerializerMethodField()
    file = FileShape(allow_null=True)

    def get_given_at(self, document: RequestedDocument) -> Any:
        return document.submitted.version.given_at if document.submitted else None


@scoped(
    "Documents of an application",
    Scope.READ_DOCUMENTS,
    tag="documents",
    asks=Asked,
    answers=DocumentShape(many=True),
)
def documents(request: Request, pk: int) -> Response:
    """Every document the application is asked for, internal ones too."""
    asked(Asked, request)
    application = application_of(request, pk, "applications.examine")
    found = requested_documents(application, with_internal=True)
    note_one(request, application)
    return Response(DocumentShape(found, many=True).data)


@scoped(
    "File of a document",
    Scope.READ_DOCUMENTS,
    tag="documents",
    asks=Asked,
    answers={(200, "application/pdf"): OpenApiTypes.BINARY, **answers_with(409)},
)
def file(request: Request, pk: int, requirement: int) -> HttpResponseBase:
    """The file, byte for byte as `sha256` says. 409 while the antivirus has not cleared it."""
    asked(Asked, request)
    application = application_of(request, pk, "applications.examine")
    for item in requested_documents(application, with_internal=True):
        if item.requirement.pk == requirement and item.file is not None:
            refuse_if([*file_service_blockers(), *serving_blockers(item.file)])
            response = FileResponse(open_file(item.file), content_type=item.file.media_type)
            response["Content-Length"] = item.file.size
            name = content_disposition_header(True, item.file.name)
            response["Content-Disposition"] = name or "attachment"
            note_one(request, application, Opened.DOCUMENT, document_id=requirement)
            return response
    raise Http404
