"""Text as every room needs it: scripts, folding, tokens, HTML to text, addresses, language."""
