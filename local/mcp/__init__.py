"""The read-only MCP server: `tieout mcp` answers an assistant's questions about what was synchronised, over
stdio, with what the console and `tieout why` know."""
