"""Stories: whether an item tells what was told already."""
