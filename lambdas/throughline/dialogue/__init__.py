"""What is said next: the model, the conversation's state and the pure engine between them."""
