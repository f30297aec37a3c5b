"""From a file as people have it to the values of its rows: which column is what, and how values are written."""
