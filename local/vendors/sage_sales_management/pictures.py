"""Documents of a record, uploaded in two steps: the API gives an address (`locator`), and the bytes go
there."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import DOCUMENT_OWNERS

BUCKET = "/_bucket/"
_SIGNED = "?X-Amz-Expires=604800&X-Amz-Signature=0123456789abcdef"


def documents(server: SalesServer, method: str, owner: str, row_id: str, body: Any, base: str) -> Any:
    # known: document - name, isCarrousel and folderId are sent, id (a text) and locator come back
    resource = server.resource(owner)
    if resource.name not in DOCUMENT_OWNERS:
        raise Refused(910)
    row = server.row(resource, row_id)
    if method == "GET":
        return [
            {name: one[name] for name in ("id", "name", "isCarrousel")}
            for one in server.uploads.values()
            if (one["resource"], one["record"]) == (resource.name, row["id"])
        ]
    if method != "POST" or not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise Refused(901, "name is required")
    document = str(345 + len(server.uploads))
    server.uploads[document] = {
        "id": document,
        "resource": resource.name,
        "record": row["id"],
        "name": body["name"],
        "isCarrousel": bool(body.get("isCarrousel")),
        "content": None,
    }
    home = (server.options.locator or base).rstrip("/")
    return {"id": document, "locator": f"{home}{BUCKET}{document}{_SIGNED}"}


async def uploaded(server: SalesServer, request: Request) -> Response:
    # known: document - a picture is sent as raw bytes, as application/octet-stream; known: seen - a picture
    #   is sent without the session key
    found = server.uploads.get(request.path_params["document"])
    strict = server.options.bucket_strict
    if found is None or (strict and "X-Session-Key" in request.headers):
        return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
    if request.headers.get("Content-Type") != "application/octet-stream":
        return Response(
            "<Error><Code>SignatureDoesNotMatch</Code></Error>", 403, media_type="application/xml"
        )
    found["content"] = await request.body()
    return Response(status_code=200)
