"""Who asks: the credentials that a request may carry, and what each says of its bearer."""
