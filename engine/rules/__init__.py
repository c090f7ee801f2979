"""Rule documents: reading, dating, compiling to arrays."""
