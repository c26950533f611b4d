"""What people and other programs meet: the page, reports, clips, the Python API and the MCP server."""
