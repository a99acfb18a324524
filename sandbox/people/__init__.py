"""What a person in the workspace sees and does: the control API's acts, and what they return."""
