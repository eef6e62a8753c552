"""What the API can do: its schema (OpenAPI), and a page drawn from it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

NOTHING = {"shape": "", "words": ""}
METHODS = ("get", "post", "put", "patch", "delete")


@cache
def openapi() -> dict[str, Any]:
    """The schema: it is of the code, the same for everybody as long as the process runs."""
    with override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


@require_safe
@login_not_required
def schema(request: HttpRequest) -> HttpResponse:
    """The schema, to be downloaded."""
    response = JsonResponse(openapi(), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'inline; filename="candide-openapi.json"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """The documentation: every address, what it is asked and what it answers."""
    found = openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for operation in _operations(found):
        groups.setdefault(operation["tags"][0], []).append(operation)
    shapes = found.get("components", {}).get("schemas", {})
    context = {
        "version": found["info"]["version"],
        "groups": groups,
        "shapes": [(name, list(_fields(shape))) for name, shape in sorted(shapes.items())],
        "navigation": "api",
    }
    return render(request, "api/description.html", context)


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in found["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                yield {
                    "description": "",
                    **operation,
                    "method": method.upper(),
                    "path": path,
                    "asks": [
                        {"description": "", **parameter, "type": _type(parameter["schema"])}
                        for parameter in operation.get("parameters", [])
                    ],
                    "body": _body(operation.get("requestBody", {})),
                    "answers": [
                        {"status": status, "type": _body(answer) or NOTHING, **answer}
                        for status, answer in operation["responses"].items()
                    ],
                }


def _body(holder: dict[str, Any]) -> dict[str, str]:
    for content in holder.get("content", {}).values():
        return _type(content.get("schema", {}))
    return {}


def _fields(shape: dict[str, Any]) -> Iterator[dict[str, Any]]:
    required = set(shape.get("required", []))
    for name, described in shape.get("properties", {}).items():
        yield {
            "name": name,
            "type": _type(described),
            "description": described.get("description", ""),
            "is_required": name in required,
        }
    if "enum" in shape:
        yield {"name": "", "type": _type(shape), "description": "", "is_required": True}


def _type(described: dict[str, Any]) -> dict[str, str]:
    """What a value is, in words, and the shape it names if it does."""
    for together in ("allOf", "oneOf", "anyOf"):
        if together in described:
            return _type(described[together][0])
    if "$ref" in described:
        return {"shape": described["$ref"].rpartition("/")[2], "words": ""}
    if described.get("type") == "array":
        inner = _type(described["items"])
        return {"shape": inner["shape"], "words": f"array {inner['words']}".strip()}
    if "enum" in described:
        return {"shape": "", "words": ", ".join(str(value) for value in described["enum"])}
    parts = (described.get("type", "any"), described.get("format", ""))
    return {"shape": "", "words": " ".join(filter(None, parts))}
