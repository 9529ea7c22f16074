"""The addresses under /_admin: JSON for tests and sample data, and a page for a person."""

from starlette.routing import Route

from local.vendors.sage_accounting.office import Office
from local.vendors.sage_accounting.page import page_routes
from local.vendors.sage_accounting.server import Server


def admin_routes(service: Server) -> list[Route]:
    office = Office(service)
    return [
        *page_routes(office),
        Route("/_admin/calls", office.calls, methods=["GET", "DELETE"]),
        Route("/_admin/writes", office.writes, methods=["GET", "DELETE"]),
        Route("/_admin/overlaps", office.overlaps, methods=["GET", "DELETE"]),
        Route("/_admin/violations", office.violations, methods=["GET", "DELETE"]),
        Route("/_admin/options", office.options, methods=["GET", "POST"]),
        Route("/_admin/clock", office.clock, methods=["GET", "POST"]),
        Route("/_admin/tokens", office.tokens, methods=["POST"]),
        Route("/_admin/grant", office.grant, methods=["POST"]),
        Route("/_admin/exchange_rates", office.exchange_rates, methods=["GET", "POST"]),
        Route("/_admin/reset", office.reset, methods=["POST"]),
        Route("/_admin/sales_invoices/{key}/{action}", office.act, methods=["POST"]),
        Route("/_admin/sales_quotes/{key}/{action}", office.quoted, methods=["POST"]),
        Route("/_admin/{resource}", office.records, methods=["GET", "POST"]),
        Route("/_admin/{resource}/{key}", office.remove, methods=["DELETE"]),
    ]
