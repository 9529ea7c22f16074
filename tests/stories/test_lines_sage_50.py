"""Orders of a flow that goes on changing them: a line in Sage 50 keeps what Sage alone knows of it."""

from tests.properties.orders import sage_orders
from tests.stories.orders import SAGE, Orders

OWN = {
    "nominal": "4001",
    "departmentNumber": 7,
    "comment1": "as agreed",
    "details": "blue",
    "unitOfSale": "each",
}


def test_a_changed_amount_leaves_nominal_department_and_words_of_the_line() -> None:
    here = Orders()
    here.new_rules("[sales_order]\ncreate_once = false")
    here.win(amount="100.00")
    here.sync()
    here.wait(minutes=2)
    (number, order), *others = sage_orders(here.rig).items()
    assert not others
    coded = {**order["invoiceItems"][0], **OWN, "itemId": 5, "id": 0}
    here.rig.systems[SAGE].put("salesOrder", number, {"invoiceItems": [coded]})
    here.forget()
    here.edit(amount="250.00")
    here.hear("sugarcrm", "desks")
    here.wait(minutes=2)
    (line,) = sage_orders(here.rig)[number]["invoiceItems"]
    assert str(line["unitPrice"]) == "250.00"
    assert {name: line[name] for name in OWN} == OWN
    assert line["taxCode"] == coded["taxCode"]
