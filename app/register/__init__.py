"""The register of schools: read from the Department's download, kept, and searched."""
