"""What is brought to others: webhooks, and the relay to a broker, each at its own cursor."""
