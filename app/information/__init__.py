"""Pages about the service: glossary, privacy, cookies, data sources, accessibility."""
