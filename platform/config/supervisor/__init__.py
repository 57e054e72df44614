"""`make up`: every step with its progress, then web server and workers under one roof until Ctrl-C."""
