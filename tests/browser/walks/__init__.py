"""What walks through a whole demonstration share: the demonstration itself, the hands of whoever
walks, and the ways they go more than once."""
