"""The report of a comparison: reporting guidelines filled in, tables, figures and the archive that holds them all."""
