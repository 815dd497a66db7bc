"""What was published: the articles, their sources and how they come in."""
