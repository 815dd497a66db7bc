"""Finding what was published: analysis, engine, query, finder and pages."""
