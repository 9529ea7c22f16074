"""The Model Context Protocol over stdio, as much of it as a server with tools needs: JSON-RPC 2.0, a message
a line. Written out, because the official SDK brings a web server with it for what is done here in a page.

Specification: modelcontextprotocol.io, revisions 2024-11-05 to 2025-06-18 (lifecycle, ping, tools).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from shared.domain.record import record

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
"""The newest first: what a client is offered that asks for one that is not known here."""
LONGEST = 1_000_000
_PARSE, _INVALID, _NO_METHOD, _PARAMS = -32700, -32600, -32601, -32602


class Refused(Exception):
    """A tool cannot answer what it was asked; the message is a sentence for the assistant."""


@record
class Tool:
    """`schema`: JSON Schema of the arguments. `run` raises Refused."""

    name: str
    says: str
    schema: Mapping[str, Any]
    run: Callable[[Mapping[str, str]], Any]


class _Fault(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Server:
    """`told`: what the assistant should know before it asks."""

    def __init__(self, name: str, version: str, told: str, tools: Sequence[Tool]) -> None:
        self._about = {"name": name, "version": version}
        self._told, self._tools = told, {tool.name: tool for tool in tools}

    def serve(self, lines: Iterable[str], out: TextIO, text: Callable[[Any], str]) -> None:
        """Until the client closes its end. `text`: makes JSON of what a tool found."""
        for line in lines:
            if line.strip():
                answer = self.answer(line, text)
                if answer is not None:
                    out.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")) + "\n")
                    out.flush()

    def answer(self, line: str, text: Callable[[Any], str]) -> dict[str, Any] | None:
        """None for a notification."""
        number: Any = None
        try:
            asked = _read(line)
            number = asked.get("id")
            if "id" not in asked:
                return None
            return {"jsonrpc": "2.0", "id": number, "result": self._result(asked, text)}
        except _Fault as fault:
            said = {"code": fault.code, "message": str(fault)}
            return {"jsonrpc": "2.0", "id": number, "error": said}

    def _result(self, asked: Mapping[str, Any], text: Callable[[Any], str]) -> dict[str, Any]:
        method, given = asked.get("method"), asked.get("params") or {}
        if not isinstance(given, dict):
            raise _Fault(_PARAMS, "params is no object")
        if method == "initialize":
            wanted = given.get("protocolVersion")
            return {
                "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
                "capabilities": {"tools": {"listChanged": False}},
                "serverInfo": self._about,
                "instructions": self._told,
            }
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": [_described(tool) for tool in self._tools.values()]}
        if method == "tools/call":
            return self._called(given, text)
        raise _Fault(_NO_METHOD, "there is no such method")

    def _called(self, given: Mapping[str, Any], text: Callable[[Any], str]) -> dict[str, Any]:
        tool = self._tools.get(str(given.get("name")))
        if tool is None:
            raise _Fault(_PARAMS, "there is no such tool")
        arguments = _checked(tool, given.get("arguments") or {})
        try:
            found = text(tool.run(arguments))
        except Refused as refused:
            return {"content": [{"type": "text", "text": str(refused)}], "isError": True}
        return {"content": [{"type": "text", "text": found}], "isError": False}


def _read(line: str) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise _Fault(_INVALID, "the message is too long")
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        raise _Fault(_PARSE, "this is no JSON") from None
    if not isinstance(asked, dict) or asked.get("jsonrpc") != "2.0":
        raise _Fault(_INVALID, "this is no message of JSON-RPC 2.0")
    return asked


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "description": tool.says,
        "inputSchema": dict(tool.schema),
        "annotations": {"readOnlyHint": True, "openWorldHint": False},
    }


def _checked(tool: Tool, given: Any) -> dict[str, str]:
    """Only what the schema names: texts, with all that are required."""
    if not isinstance(given, dict):
        raise _Fault(_PARAMS, "arguments is no object")
    known = tool.schema["properties"]
    for name, value in given.items():
        if name not in known:
            raise _Fault(_PARAMS, f"{tool.name} has no argument of this name; it has {', '.join(known)}")
        if not isinstance(value, str) or len(value) > 500:
            raise _Fault(_PARAMS, f"{name} is no text of at most 500 characters")
        choices = known[name].get("enum")
        if choices and value not in choices:
            raise _Fault(_PARAMS, f"{name} is none of {', '.join(choices)}")
    missing = [name for name in tool.schema.get("required", ()) if not given.get(name)]
    if missing:
        raise _Fault(_PARAMS, f"{tool.name} needs {', '.join(missing)}")
    return {str(name): str(value) for name, value in given.items()}
