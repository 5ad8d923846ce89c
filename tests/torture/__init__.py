"""The proof of the promise: kills, databases that come and go, and how fast. Run by `make torture`; no part of the suite."""
