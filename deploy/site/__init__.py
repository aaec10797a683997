"""What builds the site of docs/ beside mkdocs."""
