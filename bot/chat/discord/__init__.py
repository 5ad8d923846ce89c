"""Discord: its markup, its errors, its slash commands, and the client that ties them to the neutral commands."""
