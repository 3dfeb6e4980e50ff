"""Step kinds: each file runs one kind outside any transaction, with the ports it declares."""
