"""Published tables and workbooks turned into rule documents, records and margins."""
