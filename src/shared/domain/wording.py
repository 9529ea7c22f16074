"""Small parts of sentences that people read: names without underscores, and numbers with the right noun."""


def words(name: str) -> str:
    """An entity's or a field's name as people write it: "sales order", "VAT number"."""
    return " ".join("VAT" if word == "vat" else word for word in name.split("_"))


def document(entity: str) -> str:
    """What a record that is made once is called in a sentence: "order", "quotation"."""
    return "order" if entity == "sales_order" else words(entity)


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 record", "2 records"; `plural` where an s is not enough."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def fault_text(fault: BaseException, expected: type[BaseException]) -> str:
    """An expected fault is a sentence already; any other needs its class to make sense."""
    return (
        str(fault) if isinstance(fault, expected) else f"unexpected fault ({type(fault).__name__}): {fault}"
    )


def article(noun: str) -> str:
    """ "a customer", "an invoice"."""
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"
