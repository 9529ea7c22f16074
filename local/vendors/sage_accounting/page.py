"""The page at / and /_admin: the records of the emulated business, and forms to change them, for the
demonstration."""

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from local.vendors.sage_accounting.errors import Refused
from local.vendors.sage_accounting.office import Office
from local.vendors.sage_accounting.page_form import edit_form, save_edit
from local.vendors.sage_accounting.page_lists import overview
from local.vendors.sage_accounting.page_parts import error, page


def page_routes(office: Office) -> list[Route]:
    async def show(request: Request) -> Response:
        business = request.query_params.get("business") or office.service.lead.business.id
        try:
            return HTMLResponse(overview(office, office.books(business)))
        except ValueError as fault:
            return HTMLResponse(page(error(fault)), status_code=400)

    async def form(request: Request) -> Response:
        try:
            books = office.books(request.query_params.get("business"))
            return HTMLResponse(
                edit_form(books, request.query_params.get("resource", ""), request.query_params.get("id", ""))
            )
        except (Refused, ValueError) as fault:
            return HTMLResponse(page(error(fault)), status_code=400)

    async def save(request: Request) -> Response:
        sent = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        try:
            save_edit(office, sent)
        except (Refused, ValueError) as fault:
            return HTMLResponse(page(error(fault)), status_code=400)
        return RedirectResponse(
            f"/_admin?{urlencode({'business': sent.get('business', '')})}", status_code=303
        )

    return [
        Route("/", show),
        Route("/_admin", show),
        Route("/_admin/", show),
        Route("/_admin/edit", form, methods=["GET"]),
        Route("/_admin/edit", save, methods=["POST"]),
    ]
