"""What the daily look tells of an order from Vtiger that went to another customer since it was made."""

from tests.e2e.vtiger_50_offices import offices


def test_an_order_that_went_to_another_customer_names_both() -> None:
    with offices() as here:
        acme, other = here.organisation("Acme"), here.organisation("Other")
        here.product("W1")
        here.pair.settle()
        product = here.named("Products", "productcode")["W1"]["id"]
        order = here.order(acme, here.line(product), subject="Desks")
        here.pair.settle()
        here.pair.wait(7200)
        here.save("SalesOrder", id=order, account_id=other)
        here.pair.settle()
        here.pair.day()
        (told,) = [row.outcome for row in here.pair.log() if row.record_id == order and row.outcome.notes]
        assert told.notes == ("Vtiger now shows account “Other”; the order was made with “Acme”",)
