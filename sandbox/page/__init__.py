"""The page: a workspace to click in, and the live changes it listens to."""
