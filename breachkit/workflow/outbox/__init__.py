"""From an approved notice to a receipt for each recipient: put into envelopes, released by a person, sent, settled."""
