"""What every JSON endpoint shares: problems, pagination, bodies, entity tags. Never a domain rule."""
