"""From items to the queries they answer: the query language, its evaluation, and the index of all keywords."""
