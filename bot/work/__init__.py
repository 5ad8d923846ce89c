"""The three loops that drive Diting, and what they share: poll leaves items, alert owes deliveries, deliver sends."""
