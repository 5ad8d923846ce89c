"""The proof of the promise: kills, databases that come and go, and how fast. `make torture` runs it."""
