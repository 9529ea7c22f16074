"""How the vendor refuses."""


class Refused(Exception):
    """HTTP 400 with a code. 900: the tenant's database is not reachable; 901: a filter or a value; 910: no
    such
    resource or id."""

    # known: document - the codes; their HTTP status and the body's form are guessed
    def __init__(self, code: int, message: str = "") -> None:
        names = {900: "Connection Error", 901: "Internal data Error", 910: "Resource not exist"}
        self.code = code
        self.message = message or names[code]
        super().__init__(self.message)
