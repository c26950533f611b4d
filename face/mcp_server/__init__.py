"""The MCP server: what a program that speaks the Model Context Protocol may ask of videos (docs/mcp.md)."""
