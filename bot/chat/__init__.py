"""Everything a chat sees and says: commands, wording, messages, and the adapters of the platforms."""
