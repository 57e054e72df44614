"""PostgreSQL and Redis of our own, for one machine that has neither: started on demand, shared, kept under ./var."""
