"""The answers of v4_1 that are not data. Every named error is sent with HTTP 200."""


class V4Error(Exception):
    """An error envelope. `number` is an int, but a string for an unknown method."""

    def __init__(self, name: str, number: int | str, description: str) -> None:
        super().__init__(name)
        self.body = {"name": name, "number": number, "description": description}


class NullAnswer(Exception):
    """The four bytes `null`, for what the service cannot make sense of."""


class FatalError(Exception):
    """PHP crashed: HTTP 500 and an empty body."""


class DatabaseFailure(Exception):
    """HTTP 500 and one line of text as HTML."""


def invalid_login() -> V4Error:
    return V4Error("Invalid Login", 10, "Login attempt failed please check the username and password")


def invalid_session() -> V4Error:
    return V4Error("Invalid Session ID", 11, "The session ID is invalid")


def no_module() -> V4Error:
    return V4Error("Module Does Not Exist", 20, "This module is not available on this server")


def access_denied() -> V4Error:
    return V4Error("Access Denied", 40, "You do not have access")


def unknown_method() -> V4Error:
    return V4Error(
        "An Undefined Error - invalid_call occurred", "-1", "There is no error definition for invalid_call"
    )
