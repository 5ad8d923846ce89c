"""The composition root: settings → parts → roles. The only place that sees every room."""
