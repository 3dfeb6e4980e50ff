"""Commands of promotions. Never logic of their own."""
