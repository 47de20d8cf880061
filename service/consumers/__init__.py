"""Who follows without asking: how far each is, and the desk where webhooks are registered."""
