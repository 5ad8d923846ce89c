"""`make demo`: the whole of Diting on sample feeds of our own, in a terminal, without tokens or network."""
