"""The whole comparison from one spreadsheet: read a tidy CSV, analyse it, write JSON and a page; no database."""
