"""What an admin's tools look at (/healthz, /readyz and /metrics), and what WebSub hubs call."""
