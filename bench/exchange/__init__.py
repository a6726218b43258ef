"""Our results in the formats of other people's tools: docs/export.md."""
